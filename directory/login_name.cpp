#include "directory/login_name.hpp"

#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "directory/home_realm.hpp"
#include "directory/search_filter.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

// Other than those that are blanks: nobody types one.
bool has_control_character(std::string_view typed) {
    return std::any_of(typed.begin(), typed.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && (byte < '\t' || byte > '\r')) || byte == 0x7f;
    });
}

std::vector<std::string> spellings_of(std::string_view typed) {
    std::vector<std::string> all;
    if (prepared(typed).empty() || has_control_character(typed)) return all;
    for (auto& one : {std::string(typed), prepared_keeping_case(typed)}) {
        if (is_sendable_name(one) && std::find(all.begin(), all.end(), one) == all.end())
            all.push_back(one);
    }
    return all;
}

bool is_own_domain(const std::string& domain, const directory_settings& settings) {
    return !domain.empty() &&
           std::any_of(settings.own_domains.begin(), settings.own_domains.end(),
                       [&](const std::string& own) { return comparable_domain(own) == domain; });
}

bool has(const ldap_entry& entry, const directory_settings& settings,
         const std::vector<std::string>& spellings) {
    const auto is_one = [&](const std::string& value) {
        return std::any_of(spellings.begin(), spellings.end(), [&](const std::string& one) {
            return prepared(one) == prepared(value);
        });
    };
    return std::any_of(settings.login_attributes.begin(), settings.login_attributes.end(),
                       [&](const std::string& attribute) {
                           const auto& values = entry.all(attribute);
                           return std::any_of(values.begin(), values.end(), is_one);
                       });
}

}  // namespace

login_name login_name::read(std::string_view typed, const directory_settings& settings) {
    login_name name;
    const auto parts = split_user_name(typed);
    const bool before_backslash = parts.has_backslash;
    if (before_backslash && !settings.netbios_name.empty() &&
        parts.domain == comparable_domain(settings.netbios_name)) {
        name.whole = spellings_of(parts.local);
        name.counted = prepared(parts.local);
        return name;
    }
    name.whole = spellings_of(typed);
    name.counted = prepared(typed);
    if (!before_backslash && is_own_domain(parts.domain, settings)) {
        name.local = spellings_of(parts.local);
        name.counted = prepared(parts.local);
    }
    return name;
}

std::string login_name::filter(const directory_settings& settings) const {
    auto all = whole;
    all.insert(all.end(), local.begin(), local.end());
    return name_filter(settings.person_filter, settings.login_attributes, all);
}

// What only the server could match (by a collation of its own) counts as having the whole name:
// such an entry was meant before there was another way to find one.
std::vector<ldap_entry> login_name::meant(std::vector<ldap_entry> entries,
                                          const directory_settings& settings) const {
    if (local.empty()) return entries;
    const auto only_local =
        std::stable_partition(entries.begin(), entries.end(), [&](const ldap_entry& entry) {
            return has(entry, settings, whole) || !has(entry, settings, local);
        });
    if (only_local != entries.begin()) entries.erase(only_local, entries.end());
    return entries;
}

}  // namespace kommpass::directory
