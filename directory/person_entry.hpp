#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/ldap_connection.hpp"

#include <string>
#include <vector>

namespace kommpass::directory {

// What is asked for of a person: only what is needed, and never a password attribute.
[[nodiscard]] std::vector<std::string> attributes_of_person(const directory_settings&);

// A person's entry as an identity, without groups. The error is a sentence: the id attribute is
// missing. Values that are not UTF-8 are left out.
[[nodiscard]] result<identity, std::string> identity_of(const ldap_entry&, const member_slug&,
                                                        const directory_settings&);

// Locked for good by an administrator. A lock that time undoes is no leaver's: somebody may only
// have guessed.
[[nodiscard]] bool is_disabled(const ldap_entry&);

}  // namespace kommpass::directory
