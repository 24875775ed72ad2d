#include "directory/searched_place.hpp"

#include <ldap.h>

namespace kommpass::directory {

searched_place::searched_place(std::string_view base, int scope)
    : base_(distinguished_name::parse(base)),
      is_everywhere_(base.empty() || base.front() == '<'),
      is_the_base_alone_(scope == LDAP_SCOPE_BASE) {}

bool searched_place::has(const ldap_entry& entry) const {
    if (is_everywhere_) return true;
    if (!base_) return false;
    const auto name = distinguished_name::parse(entry.dn);
    if (!name) return false;
    return is_the_base_alone_ ? *name == *base_ : name->is_within(*base_);
}

std::size_t searched_place::keep(std::vector<ldap_entry>& entries) const {
    return std::erase_if(entries, [&](const ldap_entry& one) { return !has(one); });
}

}  // namespace kommpass::directory
