#pragma once

#include "config/vocabulary/language.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::web {

// "Firefox unter Windows": what a person recognises a browser by. Any bytes are fine.
[[nodiscard]] std::string browser_description(std::string_view user_agent, language);

}  // namespace kommpass::idp::web
