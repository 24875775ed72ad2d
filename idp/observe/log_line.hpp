#pragma once

#include "idp/observe/log.hpp"

#include <string>

namespace kommpass::idp::observe {

// One event as one line with its line feed, in the asked form. Pure.
[[nodiscard]] std::string format_line(config::log_format, instant, config::log_level,
                                      std::string_view event, fields);

// "2026-11-21T02:09:06.123Z"
[[nodiscard]] std::string iso_time(instant);

}  // namespace kommpass::idp::observe
