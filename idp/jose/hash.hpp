#pragma once

#include <string>
#include <string_view>

namespace kommpass::idp::jose {

[[nodiscard]] std::string sha256(std::string_view bytes);      // 32 raw bytes
[[nodiscard]] std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits

}  // namespace kommpass::idp::jose
