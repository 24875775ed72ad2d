#pragma once

#include <string>
#include <string_view>

namespace kommpass::directory {

// The bytes of the first block of a PEM text (RFC 7468); empty if there is none, or if it is no
// base64.
[[nodiscard]] std::string der_of_pem(std::string_view pem);

}  // namespace kommpass::directory
