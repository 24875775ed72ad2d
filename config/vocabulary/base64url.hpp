#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::base64url {

// RFC 4648, section 5, without padding (RFC 7515, section 2).
[[nodiscard]] std::string encode(std::string_view bytes);

// Strict: refuses padding, characters outside the alphabet, impossible lengths and non-zero spare
// bits, so that every byte string has exactly one accepted encoding.
[[nodiscard]] std::optional<std::string> decode(std::string_view text);

}  // namespace kommpass::base64url
