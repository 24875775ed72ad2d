#include "directory/ldap_entry.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kommpass::directory {

const std::vector<std::string>& ldap_entry::all(std::string_view attribute) const {
    static const std::vector<std::string> none;
    const auto found = attributes.find(lower_case(attribute));
    return found == attributes.end() ? none : found->second;
}

std::vector<std::string> ldap_entry::texts(std::string_view attribute) const {
    std::vector<std::pair<std::string, std::string>> by_key;
    for (const auto& value : all(attribute)) {
        auto key = is_utf8(value) ? prepared(value) : std::string();
        if (!key.empty()) by_key.emplace_back(std::move(key), value);
    }
    std::sort(by_key.begin(), by_key.end());
    std::vector<std::string> values;
    values.reserve(by_key.size());
    for (auto& [key, value] : by_key) values.push_back(std::move(value));
    return values;
}

std::string ldap_entry::shown(std::string_view attribute) const {
    auto values = texts(attribute);
    if (values.empty()) return {};
    if (values.size() == 1) return std::move(values.front());
    const auto name = distinguished_name::parse(dn);
    const auto wanted = lower_case(attribute);
    const auto in_rdn = [&](const std::string& value) {
        return name && std::any_of(name->leaf().begin(), name->leaf().end(), [&](const auto& one) {
                   return one.type == wanted && prepared(one.value) == prepared(value);
               });
    };
    const auto found = std::find_if(values.begin(), values.end(), in_rdn);
    return std::move(found == values.end() ? values.front() : *found);
}

std::string_view ldap_entry::only(std::string_view attribute) const {
    const auto& values = all(attribute);
    return values.size() == 1 ? std::string_view(values.front()) : std::string_view();
}

}  // namespace kommpass::directory
