#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {

enum class plus_sign { is_plus, is_space };

// Decodes percent sequences (RFC 3986, 2.1) strictly: nothing for a '%' without two hexadecimal
// digits, for a NUL, for a control
// character that is not encoded, and for bytes that are not UTF-8 once decoded.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view encoded, plus_sign);

}  // namespace kommpass::idp::http
