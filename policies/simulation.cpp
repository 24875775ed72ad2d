#include "policies/simulation.hpp"

#include <algorithm>
#include <iterator>

namespace kommpass::policies {
namespace {

bool same_roles(const evaluation& a, const evaluation& b) {
    return std::equal(a.roles.begin(), a.roles.end(), b.roles.begin(), b.roles.end(),
                      [](const effective_role& x, const effective_role& y) {
                          return x.name == y.name && x.for_members == y.for_members;
                      });
}

std::vector<scoped_role> flat(const evaluation& all) {
    std::vector<scoped_role> roles;
    for (const auto& one : all.roles) {
        for (const auto& member : one.for_members) roles.push_back({one.name, member});
    }
    return roles;
}

std::vector<scoped_role> only_in(const std::vector<scoped_role>& these,
                                 const std::vector<scoped_role>& not_those) {
    std::vector<scoped_role> out;
    std::set_difference(these.begin(), these.end(), not_those.begin(), not_those.end(),
                        std::back_inserter(out));
    return out;
}

// The same two roles under the same constraint, whatever the scope was.
std::vector<conflict> new_conflicts(const evaluation& before, const evaluation& after) {
    std::vector<conflict> out;
    for (const auto& one : after.conflicts) {
        const auto same = [&](const conflict& old) {
            return old.constraint == one.constraint && old.first == one.first &&
                   old.second == one.second && old.exception.empty() &&
                   std::includes(old.for_members.begin(), old.for_members.end(),
                                 one.for_members.begin(), one.for_members.end());
        };
        if (one.exception.empty() &&
            std::none_of(before.conflicts.begin(), before.conflicts.end(), same))
            out.push_back(one);
    }
    return out;
}

}  // namespace

simulation::simulation(snapshot_ptr in_force, snapshot_ptr draft, day today)
    : in_force_(std::move(in_force)), draft_(std::move(draft)), today_(today) {}

void simulation::take(const identity& who, const person_id& id) {
    ++result_.persons;
    const evaluated_person person{who, id, today_};
    const auto before = in_force_->evaluate(person, &parsed_);
    const auto after = draft_->evaluate(person, &parsed_);
    auto conflicts = new_conflicts(before, after);
    if (conflicts.empty() && same_roles(before, after)) return;
    const auto old_roles = flat(before);
    const auto new_roles = flat(after);
    result_.conflicts += conflicts.size();
    result_.effects.push_back({who.id, id, who.login_name, who.display_name,
                               only_in(new_roles, old_roles), only_in(old_roles, new_roles),
                               std::move(conflicts)});
}

}  // namespace kommpass::policies
