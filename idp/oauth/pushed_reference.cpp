#include "idp/oauth/pushed_reference.hpp"

#include "idp/jose/hash.hpp"

namespace kommpass::idp::oauth::pushed_reference {
namespace {

constexpr std::size_t token_length = 43;  // of 256 bits in base64url

}  // namespace

std::string uri_of(std::string_view token) { return std::string(prefix).append(token); }

std::optional<std::string> hash_in(std::string_view request_uri) {
    if (!request_uri.starts_with(prefix)) return std::nullopt;
    const auto token = request_uri.substr(prefix.size());
    return token.size() == token_length ? jose::sha256(token) : std::string();
}

}  // namespace kommpass::idp::oauth::pushed_reference
