#include "idp/http/bearer_token.hpp"

#include "idp/http/header_grammar.hpp"

#include <algorithm>

namespace kommpass::idp::http {
namespace {

constexpr std::size_t longest = 16 * 1024;

bool is_b64token_character(char c) noexcept {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> parse_bearer_token(std::string_view authorization,
                                                   std::string_view scheme) {
    const auto token = credentials_of(authorization, scheme);
    const auto padding = std::find_if_not(token.begin(), token.end(), is_b64token_character);
    if (padding == token.begin() || token.size() > longest) return std::nullopt;
    if (!std::all_of(padding, token.end(), [](char c) { return c == '='; })) return std::nullopt;
    return token;
}

}  // namespace kommpass::idp::http
