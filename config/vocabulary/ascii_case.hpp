#pragma once

#include <algorithm>
#include <string_view>

namespace kommpass {

// Case of ASCII letters alone, as protocols that name things in ASCII mean it (RFC 9110, 8.3.1;
// RFC 7515, 4.1.9). Names of people are compared by `folded_name`.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

}  // namespace kommpass
