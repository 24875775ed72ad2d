#include "policies/own_rights.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

// Null as well for a member that nobody knows, which is another mistake.
const member* member_of(const registry& all, const mapping& rule) {
    if (!rule.member) return nullptr;
    const auto found = all.members.find(*rule.member);
    return found == all.members.end() ? nullptr : &found->second;
}

bool is_group_of(const std::string& group, const member& owner) {
    const auto& place = owner.directory.group_base;
    if (group.find('=') == std::string::npos || place.empty()) return false;
    const auto name = distinguished_name::parse(group);
    const auto base = distinguished_name::parse(place);
    return name && base && name->is_within(*base);
}

constexpr std::string_view own_member_only =
    "for_members: rights in Kommpass hold for the person's own member only; take it out";

}  // namespace

bool is_own_right(const role_name& name) noexcept {
    const auto text = name.view();
    return text.size() > own_application.size() && text.starts_with(own_application) &&
           text[own_application.size()] == '.';
}

bool gives_own_right(const registry& all, const role_name& name) {
    return is_own_right(name) ||
           any_included(all, name, [](const role& one) { return is_own_right(one.name); });
}

bool may_give_own_rights(const registry& all, const mapping& rule) {
    const auto* owner = member_of(all, rule);
    return owner != nullptr && is_group_of(rule.group, *owner);
}

std::vector<std::string> wrong_with_own_rights(const registry& all, const mapping& rule) {
    const auto right =
        std::find_if(rule.roles.begin(), rule.roles.end(),
                     [&](const role_name& name) { return gives_own_right(all, name); });
    if (right == rule.roles.end()) return {};
    std::vector<std::string> wrong;
    const auto what = "gives rights in Kommpass (\"" + right->str() + "\")";
    const auto* owner = member_of(all, rule);
    if (!rule.member) {
        wrong.push_back(what +
                        " to people of every member; name the member: a mapping for each, or grant "
                        "the role to persons");
    } else if (owner != nullptr && !is_group_of(rule.group, *owner)) {
        const auto& place = owner->directory.group_base;
        wrong.push_back(what + ": \"group\" must be the distinguished name of a group inside " +
                        (place.empty() ? "the member's group_base, which is missing"
                                       : "the member's group_base \"" + place + "\"") +
                        ", neither a bare name nor an attribute; or grant the role to persons");
    }
    if (!rule.for_members.empty()) wrong.emplace_back(own_member_only);
    return wrong;
}

std::vector<std::string> wrong_with_own_rights(const registry& all, const grant& one) {
    if (one.for_members.empty() || !gives_own_right(all, one.role)) return {};
    return {std::string(own_member_only)};
}

}  // namespace kommpass::policies
