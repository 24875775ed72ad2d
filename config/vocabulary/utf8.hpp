#pragma once

#include <cstddef>
#include <string_view>

namespace kommpass {

// Whether the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing over
// U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

// The length of the well-formed sequence that `bytes` begin with, 1 to 4; 0 if there is none.
[[nodiscard]] std::size_t utf8_sequence(std::string_view bytes) noexcept;

// How many characters (code points) the bytes are; what is not well-formed counts byte by byte.
[[nodiscard]] std::size_t utf8_length(std::string_view bytes) noexcept;

}  // namespace kommpass
