#pragma once

#include "config/vocabulary/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

// Days as people in Brandenburg count them: Central European time by the rule of the EU (last
// Sundays of March and October, 01:00 UTC), without a time zone database.
namespace kommpass {

using day = std::chrono::sys_days;  // of the local calendar

[[nodiscard]] std::chrono::hours local_offset_at(instant) noexcept;
[[nodiscard]] day local_day_of(instant) noexcept;
// The moment at which the day begins here.
[[nodiscard]] instant begin_of(day) noexcept;

// "2026-12-31" and nothing else; nothing for a day that no calendar has, or before 2000 or after
// 9999.
[[nodiscard]] std::optional<day> parse_day(std::string_view) noexcept;
[[nodiscard]] std::string to_string(day);

}  // namespace kommpass
