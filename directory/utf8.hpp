#pragma once

#include <string_view>

namespace kommpass::directory {

// RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

}  // namespace kommpass::directory
