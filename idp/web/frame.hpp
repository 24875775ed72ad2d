#pragma once

#include "config/vocabulary/language.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::web {

using kommpass::language;

// What every page shows around its own part.
struct frame {
    language lang = language::de;
    std::string request_id;  // shown small, on errors large: the reference number
    std::string help_contact;
    std::string imprint_uri;
    std::string privacy_uri;
    std::string application_name;  // where the person is going; empty if nowhere
    // Offers the language switch as buttons of a form that posts these hidden fields; empty: no
    // switch.
    std::string language_action;
    std::vector<std::pair<std::string, std::string>> language_fields;
};

}  // namespace kommpass::idp::web
