#pragma once

#include <optional>
#include <string_view>

namespace kommpass::idp::jose {

// The signature algorithms that exist here (RFC 7518, RFC 8037). `none` and HMAC do not.
enum class algorithm { es256, rs256, ps256, eddsa };

[[nodiscard]] std::string_view name_of(algorithm) noexcept;  // "ES256"
[[nodiscard]] std::optional<algorithm> algorithm_named(std::string_view) noexcept;

}  // namespace kommpass::idp::jose
