#pragma once

#include <string>
#include <string_view>

namespace kommpass::idp::store::sql {

// Whether every engine keeps the text as it is: well-formed UTF-8 without a zero byte.
[[nodiscard]] bool is_storable(std::string_view text) noexcept;

// The text with U+FFFD for each byte that does not fit. A browser's strange header must cost nobody
// their sign-in.
[[nodiscard]] std::string made_storable(std::string_view text);

}  // namespace kommpass::idp::store::sql
