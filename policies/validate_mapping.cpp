#include "config/toml_section.hpp"
#include "config/vocabulary/distinguished_name.hpp"
#include "policies/grammar.hpp"
#include "policies/validation.hpp"

#include <algorithm>

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

bool knows_role(const registry& all, const role_name& name) {
    const auto found =
        all.applications.find(application_key(name.view().substr(0, name.view().find('.'))));
    return found != all.applications.end() &&
           std::any_of(found->second.roles.begin(), found->second.roles.end(),
                       [&](const role& one) { return one.name == name; });
}

}  // namespace

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
        say("unknown member \"" + m.member->str() + "\"" +
            suggestion(m.member->view(), every_member(all)));
    }
    if (m.group.find('=') != std::string::npos && !distinguished_name::parse(m.group)) {
        say("group \"" + m.group + "\" looks like a distinguished name but is none");
    }
    if (m.attribute.empty() != m.attribute_value.empty())
        say("attribute and attribute_value go together");
    if (!m.attribute.empty() && !grammar::is_attribute(m.attribute))
        say("\"" + m.attribute + "\" is no attribute name");
    if (!m.within.empty() && !distinguished_name::parse(m.within))
        say("within \"" + m.within + "\" is no distinguished name");
    if (m.roles.empty()) say("gives no role");
    for (const auto& name : m.roles) {
        if (!knows_role(all, name))
            say("unknown role \"" + name.str() + "\"" + suggestion(name.view(), every_role(all)));
    }
    for (const auto& slug : m.for_members) {
        if (!all.members.contains(slug))
            say("for_members: unknown member \"" + slug.str() + "\"" +
                suggestion(slug.view(), every_member(all)));
    }
}

}  // namespace kommpass::policies
