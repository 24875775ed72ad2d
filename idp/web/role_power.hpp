#pragma once

#include "idp/web/language.hpp"

#include <string>

namespace kommpass::idp::web {

// What an application would do in a person's name, for the consent page: "mit der Rolle „Auskunft“
// für Stadt Cottbus. Grund: Umzug". `reason` may be empty. Not escaped: the page does that.
[[nodiscard]] std::string role_power_sentence(language, const std::string& role,
                                              const std::string& member, const std::string& reason);

}  // namespace kommpass::idp::web
