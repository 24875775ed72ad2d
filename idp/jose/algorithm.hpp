#pragma once

#include "config/vocabulary/signing_algorithm.hpp"

#include <optional>
#include <string_view>

namespace kommpass::idp::jose {

using algorithm = signing_algorithm;

[[nodiscard]] std::string_view name_of(algorithm) noexcept;  // "ES256"
[[nodiscard]] std::optional<algorithm> algorithm_named(std::string_view) noexcept;

}  // namespace kommpass::idp::jose
