#include "idp/oauth/opaque_access_token.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/jose/hash.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t bytes = 32;
constexpr std::size_t length = 43;  // of their base64url

}  // namespace

opaque_access_token opaque_access_token::make(std::string claims_json, instant expires_at,
                                              randomness& random) {
    opaque_access_token made;
    made.text = random.token(bytes);
    made.kept = {jose::sha256(made.text), std::move(claims_json), expires_at};
    return made;
}

bool is_opaque_access_token(std::string_view text) noexcept {
    return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace kommpass::idp::oauth
