#pragma once

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/ldap_entry.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// Where the answers to one search may lie (RFC 4511, 4.5.1.2). A server can answer with any entry
// it likes; one from elsewhere answers nothing that was asked, and is nobody's. Names are compared
// as LDAP compares them. Everywhere: for the empty base, and for Active Directory's "<SID=...>",
// which is no name. Nowhere: for a base that is no name otherwise.
class searched_place {
public:
    // `scope`: LDAP_SCOPE_BASE, or any that reaches below the base.
    searched_place(std::string_view base, int scope);

    [[nodiscard]] bool has(const ldap_entry&) const;
    // Takes out what lies elsewhere; how many that were.
    std::size_t keep(std::vector<ldap_entry>&) const;

private:
    std::optional<distinguished_name> base_;
    bool is_everywhere_;
    bool is_the_base_alone_;
};

}  // namespace kommpass::directory
