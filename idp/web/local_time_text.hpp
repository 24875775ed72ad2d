#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/language.hpp"

#include <string>

namespace kommpass::idp::web {

// A moment as people in Brandenburg read it: "21.11.2026, 07:40" (English: "21 Nov 2026, 07:40").
// Central European time by the rule of the EU (last Sundays of March and October, 01:00 UTC),
// without a time zone database.
[[nodiscard]] std::string local_time_text(instant, language);

}  // namespace kommpass::idp::web
