#include "directory/person_entry.hpp"

#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/shortened_text.hpp"
#include "config/vocabulary/utf8.hpp"
#include "directory/account_state.hpp"
#include "directory/vendor_profile.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

constexpr std::size_t longest_shown = 256;  // bytes
// What is compared counts whole or not at all.
constexpr std::size_t longest_compared = 2048;
constexpr std::size_t longest_mail = 64 + 1 + 255;  // RFC 5321, 4.5.3.1

std::string shown(const ldap_entry& entry, std::string_view attribute) {
    return shortened(entry.shown(attribute), longest_shown);
}

std::string display_name_of(const ldap_entry& entry, const directory_settings& settings) {
    for (const auto* attribute : {"displayname", "cn"}) {
        auto name = shown(entry, attribute);
        if (!name.empty()) return name;
    }
    const auto given = shown(entry, "givenname");
    const auto family = shown(entry, "sn");
    if (!given.empty() && !family.empty()) return given + " " + family;
    if (!family.empty()) return family;
    auto name = shown(entry, "uid");
    return name.empty() ? shown(entry, settings.login_attributes.front()) : name;
}

std::vector<std::string> compared(const ldap_entry& entry, std::string_view attribute) {
    auto values = entry.texts(attribute);
    std::erase_if(values, [](const auto& value) { return value.size() > longest_compared; });
    return values;
}

bool is_of_own_domain(const std::string& mail, const directory_settings& settings) {
    const auto at = mail.rfind('@');
    if (at == std::string::npos) return false;
    const auto domain = comparable_domain(std::string_view(mail).substr(at + 1));
    return std::any_of(settings.own_domains.begin(), settings.own_domains.end(),
                       [&](const auto& own) { return comparable_domain(own) == domain; });
}

// Of several mailboxes the one in the member's own domain: no other says who somebody is. A part
// of an address would be another one's, so what is longer than any is none.
std::string mail_of(const ldap_entry& entry, const directory_settings& settings) {
    auto all = entry.texts("mail");
    std::erase_if(all, [](const auto& mail) { return mail.size() > longest_mail; });
    if (all.empty()) return {};
    const auto own = std::find_if(
        all.begin(), all.end(), [&](const auto& mail) { return is_of_own_domain(mail, settings); });
    return own == all.end() ? all.front() : *own;
}

void add_unique(std::vector<std::string>& names, const std::string& name) {
    const auto same = [&](const std::string& one) { return lower_case(one) == lower_case(name); };
    if (std::none_of(names.begin(), names.end(), same)) names.push_back(name);
}

// Every id that the values of the id attribute are: one, for an attribute that is fit to be an id.
std::vector<directory_id> ids_of(const ldap_entry& entry, const directory_settings& settings) {
    const auto syntax = profile_of(settings.vendor).id;
    std::vector<directory_id> ids;
    for (const auto& value : entry.all(settings.id_attribute)) {
        if (value.size() > longest_shown || (syntax == id_syntax::text && !is_utf8(value)))
            continue;
        auto id = id_from_value(syntax, value);
        if (!id.empty()) ids.push_back(std::move(id));
    }
    return ids;
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
    const bool of_active_directory =
        settings.groups == group_model::stepwise || settings.groups == group_model::in_chain;
    if (settings.member_of || of_active_directory) add_unique(names, "memberOf");
    if (settings.groups == group_model::posix_group) add_unique(names, "gidNumber");
    return names;
}

directory_id id_of(const ldap_entry& entry, const directory_settings& settings) {
    auto ids = ids_of(entry, settings);
    return ids.size() == 1 ? std::move(ids.front()) : directory_id();
}

result<identity, std::string> identity_of(const ldap_entry& entry, const member_slug& member,
                                          const directory_settings& settings) {
    using answer = result<identity, std::string>;
    identity who;
    who.member = member;
    who.id = id_of(entry, settings);
    if (who.id.empty()) {
        if (entry.all(settings.id_attribute).size() > 1) {
            return answer("the entry has several values of " + settings.id_attribute +
                          ", which can be nobody's id");
        }
        return answer("the entry has no " + settings.id_attribute +
                      ", or the service account may not read it");
    }
    who.dn = is_utf8(entry.dn) ? entry.dn : std::string();
    who.login_name = shown(entry, settings.login_attributes.front());
    who.display_name = display_name_of(entry, settings);
    who.given_name = shown(entry, "givenname");
    who.family_name = shown(entry, "sn");
    who.mail = mail_of(entry, settings);
    who.phone = shown(entry, "telephonenumber");
    for (const auto& name : settings.extra_attributes) {
        auto values = compared(entry, name);
        if (!values.empty()) who.attributes.emplace(lower_case(name), std::move(values));
    }
    for (const auto& name : settings.tie_attributes) {
        const auto values = compared(entry, name);
        auto value = values.empty() ? std::string() : values.front();
        if (lower_case(name) == "mail") value = who.mail;
        if (!value.empty()) who.ties.emplace(lower_case(name), std::move(value));
    }
    return answer(std::move(who));
}

std::set<directory_id> active_among(const std::vector<ldap_entry>& entries,
                                    const directory_settings& settings, instant now) {
    std::set<directory_id> active;
    for (const auto& entry : entries) {
        if (state_of(entry, settings.vendor, now).standing != account_standing::active) continue;
        for (auto& id : ids_of(entry, settings)) active.insert(std::move(id));
    }
    return active;
}

}  // namespace kommpass::directory
