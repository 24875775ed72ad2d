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

// The entry's immutable id; empty if it has none, or several, or the service account may not read
// it.
[[nodiscard]] directory_id id_of(const ldap_entry&, const directory_settings&);

// A person's entry as an identity, without groups. The error is a sentence: the id attribute is
// missing, or has several values. Names are cut for display at 256 bytes. What is compared (ties,
// extra attributes, mail) is never cut: a value of over 2,048 bytes (mail: 320) is left out, as are
// those that are not UTF-8, or blank.
[[nodiscard]] result<identity, std::string> identity_of(const ldap_entry&, const member_slug&,
                                                        const directory_settings&);

// The ids of those entries whose accounts may be used, every value of them: nobody is gone since an
// attribute got a second one.
[[nodiscard]] std::set<directory_id> active_among(const std::vector<ldap_entry>&,
                                                  const directory_settings&, instant now);

}  // namespace kommpass::directory
