#pragma once

#include <optional>
#include <string_view>

namespace kommpass::idp::http {

// A decimal number from 0 as addresses and forms carry it: digits and nothing else. Nothing for any
// other text, or for one that is too large.
[[nodiscard]] std::optional<long long> decimal_number(std::string_view);

}  // namespace kommpass::idp::http
