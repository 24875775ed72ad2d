#include "idp/admin/waiting_work.hpp"

#include "idp/admin/actor.hpp"

#include <map>
#include <string>

namespace kommpass::idp::admin {
namespace {

using policies::grant_state;

struct waiting {
    std::size_t of_actor = 0;
    std::map<member_slug, std::size_t> of_member;  // empty slug: the association's
    std::map<member_slug, std::size_t> of_people;
};

// Somebody who asks for themselves, or lends what they hold to a deputy.
template <class Document>
bool is_asked_by_person(const Document& one) {
    if constexpr (requires { one.deputy_of; }) {
        return one.asked_by == one.person.str() || one.asked_by == one.deputy_of.str();
    }
    return false;
}

template <class Document>
member_slug owner_of(const Document& one) {
    const std::optional<member_slug> owner = one.member;
    return owner.value_or(member_slug());
}

waiting count(const actor& who, const policies::registry& all) {
    waiting made;
    const auto take = [&](const auto& one, const member_slug& owner) {
        if (one.state != grant_state::requested) return;
        if (one.asked_by == who.id()) ++made.of_actor;
        ++(is_asked_by_person(one) ? made.of_people : made.of_member)[owner];
    };
    for (const auto& [id, one] : all.grants) take(one, owner_of(one));
    for (const auto& [id, one] : all.exceptions) take(one, owner_of(one));
    for (const auto& [id, one] : all.mappings) take(one, owner_of(one));
    for (const auto& [key, application] : all.applications) {
        for (const auto& one : application.clients) take(one, application.operated_by);
    }
    return made;
}

bool grew_beyond(const std::map<member_slug, std::size_t>& before,
                 const std::map<member_slug, std::size_t>& after, std::size_t most) {
    for (const auto& [member, number] : after) {
        const auto was = before.find(member);
        if (number > most && number > (was == before.end() ? 0 : was->second)) return true;
    }
    return false;
}

}  // namespace

std::optional<refusal> too_much_waits(const actor& who, const policies::registry& before,
                                      const policies::registry& after) {
    const auto was = count(who, before);
    const auto is = count(who, after);
    const bool of_actor = is.of_actor > most_waiting_of_administrator && is.of_actor > was.of_actor;
    if (of_actor || grew_beyond(was.of_member, is.of_member, most_waiting_of_member) ||
        grew_beyond(was.of_people, is.of_people, most_waiting_of_people))
        return invalid({}, "too_much_waits");
    return std::nullopt;
}

}  // namespace kommpass::idp::admin
