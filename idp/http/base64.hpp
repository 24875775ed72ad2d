#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {

// Standard base64 with padding (RFC 4648, 4), strictly: nothing for an empty text, other
// characters, impossible lengths and spare bits that are not zero. What it works with is wiped.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view);

}  // namespace kommpass::idp::http
