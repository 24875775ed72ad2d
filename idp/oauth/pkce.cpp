#include "idp/oauth/pkce.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/hash.hpp"

#include <algorithm>

namespace kommpass::idp::oauth::pkce {
namespace {

constexpr std::size_t challenge_length = 43;

bool unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

bool well_formed_challenge(std::string_view challenge) noexcept {
    return challenge.size() == challenge_length && base64url::decode(challenge).has_value();
}

bool verifies(std::string_view challenge, std::string_view verifier) {
    if (verifier.size() < 43 || verifier.size() > 128) return false;
    if (!std::all_of(verifier.begin(), verifier.end(), unreserved)) return false;
    return equal_in_constant_time(base64url::encode(jose::sha256(verifier)), challenge);
}

}  // namespace kommpass::idp::oauth::pkce
