#include "idp/oauth/refresh_token.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/hash.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t family_length = 26;  // store::new_record_id
constexpr std::size_t secret_length = 43;  // 32 bytes

}  // namespace

refresh_token refresh_token::make(std::string_view family, randomness& random) {
    refresh_token token;
    token.family = std::string(family);
    token.text = token.family + "." + random.token(32);
    token.hash = jose::sha256(token.text);
    return token;
}

std::optional<refresh_token> refresh_token::parse(std::string_view text) {
    if (text.size() != family_length + 1 + secret_length || text[family_length] != '.')
        return std::nullopt;
    const auto family = text.substr(0, family_length);
    const auto is_id_character = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    };
    if (!std::all_of(family.begin(), family.end(), is_id_character)) return std::nullopt;
    if (!base64url::decode(text.substr(family_length + 1))) return std::nullopt;
    return refresh_token{std::string(text), std::string(family), jose::sha256(text)};
}

}  // namespace kommpass::idp::oauth
