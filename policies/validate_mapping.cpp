#include "config/toml_section.hpp"
#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "policies/grammar.hpp"
#include "policies/validation.hpp"

namespace kommpass::policies {
namespace {

std::string suggestion(std::string_view mistyped, const std::vector<std::string>& known) {
    const auto nearest = config::nearest_word(mistyped, known);
    return nearest ? "; did you mean \"" + *nearest + "\"?" : std::string();
}

std::vector<std::string> every_role(const registry& all) {
    std::vector<std::string> names;
    for (const auto& [key, application] : all.applications) {
        for (const auto& one : application.roles) names.push_back(one.name.str());
    }
    return names;
}

std::vector<std::string> every_member(const registry& all) {
    std::vector<std::string> slugs;
    for (const auto& [slug, one] : all.members) slugs.push_back(slug.str());
    return slugs;
}

}  // namespace

const role* find_role(const registry& all, const role_name& name) noexcept {
    const auto found =
        all.applications.find(application_key(name.view().substr(0, name.view().find('.'))));
    if (found == all.applications.end()) return nullptr;
    for (const auto& one : found->second.roles) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

std::string suggested_role(const registry& all, const role_name& name) {
    return suggestion(name.view(), every_role(all));
}

std::string suggested_member(const registry& all, const member_slug& slug) {
    return suggestion(slug.view(), every_member(all));
}

void validate_mapping(const registry& all, const mapping& m, config::mistakes& wrong) {
    const auto say = [&](std::string text) {
        wrong.push_back({"mappings/" + m.id, 0, std::move(text)});
    };
    if (!grammar::is_slug(m.id))
        say("id \"" + m.id + "\" must be lower-case letters, digits and '-'");
    if (m.group.empty() && m.attribute.empty() && m.within.empty()) {
        say("has no condition; give group, attribute with attribute_value, or within");
    }
    if (m.member && !all.members.contains(*m.member)) {
        say("unknown member \"" + m.member->str() + "\"" + suggested_member(all, *m.member));
    }
    if (m.group.find('=') != std::string::npos && !distinguished_name::parse(m.group)) {
        say("group \"" + m.group + "\" looks like a distinguished name but is none");
    }
    if (m.attribute.empty() != m.attribute_value.empty())
        say("attribute and attribute_value go together");
    // Nothing would be left to compare, and "any group" is not what it says.
    if (!m.group.empty() && prepared(m.group).empty())
        say("group \"" + m.group + "\" is nothing but spaces and invisible characters");
    if (!m.attribute_value.empty() && prepared(m.attribute_value).empty())
        say("attribute_value is nothing but spaces and invisible characters");
    if (!m.attribute.empty() && !grammar::is_attribute(m.attribute))
        say("\"" + m.attribute + "\" is no attribute name");
    if (!m.within.empty() && !distinguished_name::parse(m.within))
        say("within \"" + m.within + "\" is no distinguished name");
    if (m.roles.empty()) say("gives no role");
    if (!m.approved_by.empty() && m.approved_by == m.asked_by) say("approved by who asked for it");
    for (const auto& name : m.roles) {
        if (find_role(all, name) == nullptr)
            say("unknown role \"" + name.str() + "\"" + suggested_role(all, name));
    }
    for (auto& text : wrong_days_and_members(all, m)) say(std::move(text));
}

}  // namespace kommpass::policies
