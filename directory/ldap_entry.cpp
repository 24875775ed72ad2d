#include "directory/ldap_entry.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/utf8.hpp"

namespace kommpass::directory {

std::string ldap_entry::first(std::string_view attribute) const {
    for (const auto& value : all(attribute)) {
        if (is_utf8(value)) return value;
    }
    return {};
}

std::string_view ldap_entry::first_raw(std::string_view attribute) const {
    const auto& values = all(attribute);
    return values.empty() ? std::string_view() : std::string_view(values.front());
}

const std::vector<std::string>& ldap_entry::all(std::string_view attribute) const {
    static const std::vector<std::string> none;
    const auto found = attributes.find(lower_case(attribute));
    return found == attributes.end() ? none : found->second;
}

}  // namespace kommpass::directory
