#pragma once

#include "directory/group_resolution.hpp"
#include "directory/ldap_entry.hpp"

#include <string>
#include <vector>

namespace kommpass::directory {

// What a group is called: every value of its cn and what its RDN has, each once (RFC 4518). Shown
// is the cn in its RDN, else the least of its cn, else what its RDN has. So a rule that names the
// group finds it whether it comes from memberOf or from a search, and whatever value a server sends
// first. Values over 2,048 bytes name nothing.

// Of a DN alone, as memberOf has it; nothing that is no DN.
[[nodiscard]] std::vector<found_group> groups_named(const std::vector<std::string>& dns);

// Of an entry that was read. Without a name, or without a DN, it is no group.
[[nodiscard]] std::vector<found_group> groups_in(const std::vector<ldap_entry>& entries);

}  // namespace kommpass::directory
