#include "idp/admin/actor.hpp"

#include "idp/admin/rights.hpp"

#include <algorithm>

namespace kommpass::idp::admin {

actor::actor(const policies::snapshot& registry, const policies::evaluated_person& person)
    : id_(person.id.str()),
      name_(person.who.display_name.empty() ? person.who.login_name : person.who.display_name),
      person_(person.id),
      member_(person.who.member),
      identity_(std::make_shared<const identity>(person.who)),
      held_(fed_roles) {
    const auto all = registry.evaluate(person);
    // Their own member only, and the association's people for all, whatever the evaluation says.
    const auto* own = registry.find_member(member_);
    const bool of_association = own != nullptr && own->association;
    for (std::size_t i = 0; i < fed_roles; ++i) {
        const auto name = name_of(static_cast<fed_role>(i));
        for (const auto& role : all.roles) {
            if (role.name.view() != name) continue;
            const auto& held_for = role.for_members;
            if (std::find(held_for.begin(), held_for.end(), member_) == held_for.end()) continue;
            held_[i].members = {member_};
            held_[i].everywhere = of_association;
        }
    }
}

actor::actor() : held_(fed_roles) {}

actor actor::of_host(std::string id) {
    actor made;
    made.is_host_ = true;
    made.name_ = id;
    made.id_ = std::move(id);
    for (auto& one : made.held_) one.everywhere = true;
    return made;
}

actor actor::of_invitation(std::string id, const member_slug& member) {
    actor made;
    made.is_invited_ = true;
    made.id_ = std::move(id);
    made.member_ = member;
    made.held_[static_cast<std::size_t>(fed_role::member_admin)].members = {member};
    return made;
}

actor actor::of_registration(std::string id, const member_slug& operated_by) {
    actor made;
    made.registers_ = true;
    made.id_ = std::move(id);
    made.member_ = operated_by;
    auto& operates = made.held_[static_cast<std::size_t>(fed_role::app_operator)];
    if (operated_by.empty()) {
        operates.everywhere = true;
    } else {
        operates.members = {operated_by};
    }
    return made;
}

actor actor::of_employee(const policies::evaluated_person& person) {
    actor made;
    made.is_employee_ = true;
    made.id_ = person.id.str();
    made.name_ = person.who.display_name.empty() ? person.who.login_name : person.who.display_name;
    made.person_ = person.id;
    made.member_ = person.who.member;
    made.identity_ = std::make_shared<const identity>(person.who);
    return made;
}

actor actor::with_every_right() const {
    auto made = *this;
    made.is_host_ = true;
    for (auto& one : made.held_) one.everywhere = true;
    return made;
}

std::optional<policies::evaluated_person> actor::evaluated(day today) const {
    if (!identity_) return std::nullopt;
    return policies::evaluated_person{*identity_, person_, today};
}

// An entry that is no person's opens little. Who is to administer is found in the new directory,
// and asks the association for the role.
bool actor::is_beyond_entry(operation what) const noexcept {
    if (registers_) return what != operation::change_client;
    return is_invited_ && what != operation::set_up_directory && what != operation::see_person &&
           what != operation::request_grant;
}

bool actor::may(operation what, const member_slug& of) const noexcept {
    if (is_beyond_entry(what)) return false;
    const auto& right = right_for(what);
    if (right.reach == reach::anywhere) return may_anywhere(what);
    for (std::size_t i = 0; i < fed_roles; ++i) {
        if ((right.roles & bit(static_cast<fed_role>(i))) == 0) continue;
        if (held_[i].everywhere) return true;
        if (right.reach == reach::member &&
            std::find(held_[i].members.begin(), held_[i].members.end(), of) !=
                held_[i].members.end())
            return true;
    }
    return false;
}

bool actor::may_everywhere(operation what) const noexcept {
    if (is_beyond_entry(what)) return false;
    const auto& right = right_for(what);
    for (std::size_t i = 0; i < fed_roles; ++i) {
        if ((right.roles & bit(static_cast<fed_role>(i))) != 0 && held_[i].everywhere) return true;
    }
    return false;
}

bool actor::may_anywhere(operation what) const noexcept {
    if (is_beyond_entry(what)) return false;
    const auto& right = right_for(what);
    for (std::size_t i = 0; i < fed_roles; ++i) {
        if ((right.roles & bit(static_cast<fed_role>(i))) == 0) continue;
        if (held_[i].everywhere) return true;
        if (right.reach != reach::association && !held_[i].members.empty()) return true;
    }
    return false;
}

bool actor::has_any_right() const noexcept {
    return std::any_of(held_.begin(), held_.end(),
                       [](const held_role& one) { return one.everywhere || !one.members.empty(); });
}

bool actor::must_state_purpose() const noexcept {
    for (std::size_t i = 0; i < fed_roles; ++i) {
        const auto role = static_cast<fed_role>(i);
        if (role != fed_role::auditor && holds(role)) return false;
    }
    return holds(fed_role::auditor);
}

bool actor::holds(fed_role role) const noexcept {
    const auto& one = held_[static_cast<std::size_t>(role)];
    return one.everywhere || !one.members.empty();
}

}  // namespace kommpass::idp::admin
