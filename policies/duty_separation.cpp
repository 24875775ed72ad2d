#include "policies/duty_separation.hpp"

#include "policies/role_catalogue.hpp"

#include <algorithm>
#include <iterator>

namespace kommpass::policies {
namespace {

std::string_view role_part(const role_name& name) {
    return name.view().substr(name.view().find('.') + 1);
}
std::string_view application_part(const role_name& name) {
    return name.view().substr(0, name.view().find('.'));
}

// The day since which the person holds the role by its oldest rule.
day held_since(const effective_role& held, const authorships& authors) {
    auto oldest = day::max();
    for (const auto& why : held.because) {
        day since{};
        if (why.from) {
            since = *why.from;
        } else if (const auto author = authors.find(why.document()); author != authors.end()) {
            since = local_day_of(author->second.at);
        }
        oldest = std::min(oldest, since);
    }
    return oldest;
}

void take_away(evaluation& held, const role_name& name, const conflict& because) {
    const auto found = std::find_if(held.roles.begin(), held.roles.end(),
                                    [&](const auto& one) { return one.name == name; });
    if (found == held.roles.end()) return;
    std::vector<member_slug> rest;
    std::set_difference(found->for_members.begin(), found->for_members.end(),
                        because.for_members.begin(), because.for_members.end(),
                        std::back_inserter(rest));
    held.withheld.push_back(
        {name, withheld_role::reason::conflict, because.constraint, because.for_members});
    if (rest.empty())
        held.roles.erase(found);
    else
        found->for_members = std::move(rest);
}

}  // namespace

std::optional<role_pattern> role_pattern::parse(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
    role_pattern made;
    if (text.substr(0, dot) != "*") made.application = text.substr(0, dot);
    if (text.substr(dot + 1) != "*") made.role = text.substr(dot + 1);
    if (made.application.find('*') != std::string::npos || made.role.find('*') != std::string::npos)
        return std::nullopt;
    return made;
}

bool role_pattern::matches(const role_name& name) const noexcept {
    return (application.empty() || application == application_part(name)) &&
           (role.empty() || role == role_part(name));
}

duty_separation::duty_separation(const registry& all) {
    for (const auto& [id, one] : all.constraints) {
        auto first = role_pattern::parse(one.first);
        auto second = role_pattern::parse(one.second);
        if (!first || !second) continue;
        const bool same = first->application.empty() && second->application.empty();
        constraints_.push_back({&one, std::move(*first), std::move(*second), same});
    }
    for (const auto& [id, one] : all.exceptions) exceptions_[one.person.view()].push_back(&one);
}

std::string duty_separation::exception_for(const evaluated_person& person,
                                           const constraint& rule) const {
    const auto found = exceptions_.find(person.id.view());
    if (person.id.empty() || found == exceptions_.end()) return {};
    for (const auto* one : found->second) {
        if (one->constraint == rule.id && one->member == person.who.member &&
            one->state == grant_state::active && (!one->until || person.today <= *one->until))
            return one->id;
    }
    return {};
}

void duty_separation::find(const compiled_constraint& one, const evaluated_person& person,
                           evaluation& held) const {
    const auto excepted = [&](const role_name& name) {
        return std::find(one.rule->except.begin(), one.rule->except.end(), name) !=
               one.rule->except.end();
    };
    for (const auto& a : held.roles) {
        if (!one.first.matches(a.name) || excepted(a.name)) continue;
        for (const auto& b : held.roles) {
            if (a.name == b.name || !one.second.matches(b.name) || excepted(b.name)) continue;
            if (one.same_application && application_part(a.name) != application_part(b.name))
                continue;
            conflict found{one.rule->id, a.name, b.name, {}, one.rule->resolution, {}};
            std::set_intersection(a.for_members.begin(), a.for_members.end(), b.for_members.begin(),
                                  b.for_members.end(), std::back_inserter(found.for_members));
            if (found.for_members.empty()) continue;
            found.exception = exception_for(person, *one.rule);
            held.conflicts.push_back(std::move(found));
        }
    }
}

void duty_separation::apply(const evaluated_person& person, const authorships& authors,
                            evaluation& held) const {
    if (held.roles.size() < 2) return;
    for (const auto& one : constraints_) find(one, person, held);
    if (held.conflicts.empty()) return;
    std::sort(held.conflicts.begin(), held.conflicts.end());
    // Who is newer is read before anything is taken away, so that the order does not matter.
    std::vector<std::pair<role_name, const conflict*>> lost;
    const auto role_of = [&](const role_name& name) -> const effective_role& {
        return *std::find_if(held.roles.begin(), held.roles.end(),
                             [&](const auto& one) { return one.name == name; });
    };
    for (const auto& one : held.conflicts) {
        if (!one.exception.empty() || one.resolution == conflict_resolution::report) continue;
        const auto first = held_since(role_of(one.first), authors);
        const auto second = held_since(role_of(one.second), authors);
        const bool newer_only = one.resolution == conflict_resolution::deny_newer;
        if (!newer_only || first >= second) lost.emplace_back(one.first, &one);
        if (!newer_only || second >= first) lost.emplace_back(one.second, &one);
    }
    for (const auto& [name, because] : lost) take_away(held, name, *because);
}

}  // namespace kommpass::policies
