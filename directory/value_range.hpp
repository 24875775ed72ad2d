#pragma once

#include "directory/ldap_entry.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace kommpass::directory {

// Range retrieval of Active Directory ([MS-ADTS] 3.1.1.3.1.3.3): of an attribute with more values
// than the server gives at once, "member;range=0-1499" comes in place of "member", and
// "member;range=1500-*" is the last part.

struct open_range {
    std::string attribute;  // "memberof"
    std::size_t next = 0;   // the first value that is still missing
};

// Moves the values of a ranged attribute to its plain name. Nothing if no range is left open.
[[nodiscard]] std::optional<open_range> take_open_range(ldap_entry&);

// Adds the values of the attribute's range in `part`. False if it brings none, so that the caller
// does not ask for ever.
[[nodiscard]] bool add_range(ldap_entry& into, const std::string& attribute,
                             const ldap_entry& part);

}  // namespace kommpass::directory
