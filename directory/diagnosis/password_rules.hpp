#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "directory/ldap_entry.hpp"

#include <string>
#include <vector>

namespace kommpass::directory::diagnosis {

// Where a vendor's entries state what passwords have to be like; they are those of
// `lockout_places`.
[[nodiscard]] std::vector<std::string> password_rule_attributes(directory_vendor);

// The rules that one entry states, in the vendor's own words: "pwdMinLength 8, pwdMaxAge 90 d,
// pwdInHistory 5". Empty if it states none. What is off, or zero, is left out.
[[nodiscard]] std::string password_rules_in(const ldap_entry&, directory_vendor);

}  // namespace kommpass::directory::diagnosis
