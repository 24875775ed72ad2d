#pragma once

#include "config/vocabulary/ascii_case.hpp"

#include <algorithm>
#include <string_view>

// Small rules of RFC 9110 that several readers of header fields share.
namespace kommpass::idp::http {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 9110, 5.6.2.
[[nodiscard]] constexpr bool is_token_character(char c) noexcept {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

// Without the optional white space around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// Whether a Content-Type, or one part of an Accept, names this media type (RFC 9110, 8.3.1),
// whatever its parameters.
[[nodiscard]] constexpr bool names_media_type(std::string_view field,
                                              std::string_view type) noexcept {
    return equals_ignoring_case(trimmed(field.substr(0, field.find(';'))), type);
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
