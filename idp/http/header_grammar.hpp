#pragma once

#include <algorithm>
#include <string_view>

// Small rules of RFC 9110 that several readers of header fields share.
namespace kommpass::idp::http {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// RFC 9110, 5.6.2.
[[nodiscard]] constexpr bool is_token_character(char c) noexcept {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

// Without the optional white space around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// What follows `scheme` and one or more spaces in an Authorization header; empty if the scheme is
// another one.
[[nodiscard]] constexpr std::string_view credentials_of(std::string_view authorization,
                                                        std::string_view scheme) noexcept {
    if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
        !equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) {
        return {};
    }
    return trimmed(authorization.substr(scheme.size()));
}

}  // namespace kommpass::idp::http
