#include "directory/person_entry.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"
#include "directory/account_state.hpp"
#include "directory/vendor_profile.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

constexpr std::size_t longest_name = 256;

// Nothing but spaces, of whatever kind, and characters that are not seen is no name.
bool is_blank(std::string_view text) { return prepared_keeping_case(text).empty(); }

// The first value in which somebody can read something.
std::string bounded(const ldap_entry& entry, std::string_view attribute) {
    for (const auto& text : entry.all(attribute)) {
        if (text.size() <= longest_name && is_utf8(text) && !is_blank(text)) return text;
    }
    return {};
}

std::string display_name_of(const ldap_entry& entry, const directory_settings& settings) {
    for (const auto* attribute : {"displayname", "cn"}) {
        auto name = bounded(entry, attribute);
        if (!name.empty()) return name;
    }
    const auto given = bounded(entry, "givenname");
    const auto family = bounded(entry, "sn");
    if (!given.empty() && !family.empty()) return given + " " + family;
    if (!family.empty()) return family;
    auto name = bounded(entry, "uid");
    return name.empty() ? bounded(entry, settings.login_attributes.front()) : name;
}

void add_unique(std::vector<std::string>& names, const std::string& name) {
    const auto same = [&](const std::string& one) { return lower_case(one) == lower_case(name); };
    if (std::none_of(names.begin(), names.end(), same)) names.push_back(name);
}

}  // namespace

std::vector<std::string> attributes_of_person(const directory_settings& settings) {
    std::vector<std::string> names{settings.id_attribute, "uid", "cn",   "displayName",
                                   "givenName",           "sn",  "mail", "telephoneNumber"};
    for (const auto& name : profile_of(settings.vendor).state_attributes) add_unique(names, name);
    for (const auto& name : profile_of(settings.vendor).failure_attributes) add_unique(names, name);
    for (const auto& name : settings.login_attributes) add_unique(names, name);
    for (const auto& name : settings.extra_attributes) add_unique(names, name);
    for (const auto& name : settings.tie_attributes) add_unique(names, name);
    const bool in_chain = settings.groups == group_model::in_chain;
    if (settings.member_of || in_chain) add_unique(names, "memberOf");
    if (settings.groups == group_model::posix_group) add_unique(names, "gidNumber");
    return names;
}

directory_id id_of(const ldap_entry& entry, const directory_settings& settings) {
    const auto value = entry.first_raw(settings.id_attribute);
    if (value.size() > longest_name) return {};
    const auto syntax = profile_of(settings.vendor).id;
    if (syntax == id_syntax::text && !is_utf8(value)) return {};
    return id_from_value(syntax, value);
}

result<identity, std::string> identity_of(const ldap_entry& entry, const member_slug& member,
                                          const directory_settings& settings) {
    using answer = result<identity, std::string>;
    identity who;
    who.member = member;
    who.id = id_of(entry, settings);
    if (who.id.empty()) {
        return answer("the entry has no " + settings.id_attribute +
                      ", or the service account may not read it");
    }
    who.dn = is_utf8(entry.dn) ? entry.dn : std::string();
    who.login_name = bounded(entry, settings.login_attributes.front());
    who.display_name = display_name_of(entry, settings);
    who.given_name = bounded(entry, "givenname");
    who.family_name = bounded(entry, "sn");
    who.mail = bounded(entry, "mail");
    who.phone = bounded(entry, "telephonenumber");
    for (const auto& name : settings.extra_attributes) {
        std::vector<std::string> values;
        for (const auto& value : entry.all(name)) {
            if (is_utf8(value) && value.size() <= longest_name) values.push_back(value);
        }
        if (!values.empty()) who.attributes.emplace(lower_case(name), std::move(values));
    }
    for (const auto& name : settings.tie_attributes) {
        auto value = bounded(entry, name);
        if (!value.empty()) who.ties.emplace(lower_case(name), std::move(value));
    }
    return answer(std::move(who));
}

std::set<directory_id> active_among(const std::vector<ldap_entry>& entries,
                                    const directory_settings& settings, instant now) {
    std::set<directory_id> active;
    for (const auto& entry : entries) {
        if (state_of(entry, settings.vendor, now).standing == account_standing::active)
            active.insert(id_of(entry, settings));
    }
    return active;
}

}  // namespace kommpass::directory
