#pragma once

#include "config/vocabulary/clock.hpp"

#include <boost/json/fwd.hpp>

#include <optional>
#include <string_view>

namespace kommpass::idp::jose {

inline constexpr long long last_second = 253'402'300'799;  // of the year 9999

// The claim of this name as a NumericDate (RFC 7519, 2), without a fraction. Nothing for one that
// is missing or none, and for a time before 1970 or after the year 9999: no reckoning with what
// comes back overflows.
[[nodiscard]] std::optional<instant> numeric_date(const boost::json::object& claims,
                                                  std::string_view name);

}  // namespace kommpass::idp::jose
