#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/ldap_entry.hpp"

#include <set>
#include <string>
#include <vector>

namespace kommpass::directory {

// All settings here have their vendor's defaults filled in.

// What is asked for of a person: only what is needed, and never a password attribute.
[[nodiscard]] std::vector<std::string> attributes_of_person(const directory_settings&);

// The entry's immutable id; empty if it has none, or the service account may not read it.
[[nodiscard]] directory_id id_of(const ldap_entry&, const directory_settings&);

// A person's entry as an identity, without groups. The error is a sentence: the id attribute is
// missing. Values that are not UTF-8 are left out.
[[nodiscard]] result<identity, std::string> identity_of(const ldap_entry&, const member_slug&,
                                                        const directory_settings&);

// The ids of those entries whose accounts may be used.
[[nodiscard]] std::set<directory_id> active_among(const std::vector<ldap_entry>&,
                                                  const directory_settings&, instant now);

}  // namespace kommpass::directory
