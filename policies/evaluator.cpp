#include "policies/evaluator.hpp"

#include "policies/own_rights.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

bool contains(const std::vector<member_slug>& all, const member_slug& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

void add_sorted(std::vector<member_slug>& into, const std::vector<member_slug>& more) {
    for (const auto& one : more) {
        const auto at = std::lower_bound(into.begin(), into.end(), one);
        if (at == into.end() || *at != one) into.insert(at, one);
    }
}

// For which members a rule holds: those that agreed, and the person's own, which need not.
template <class Rule>
std::vector<member_slug> agreed_members(const Rule& rule, const member_slug& own) {
    if (rule.for_members.empty()) return {own};
    std::vector<member_slug> scope;
    for (const auto& one : rule.for_members) {
        if (one == own || contains(rule.agreed, one)) scope.push_back(one);
    }
    std::sort(scope.begin(), scope.end());
    return scope;
}

template <class Rule>
std::vector<member_slug> open_members(const Rule& rule, const member_slug& own) {
    std::vector<member_slug> open;
    for (const auto& one : rule.for_members) {
        if (one != own && !contains(rule.agreed, one)) open.push_back(one);
    }
    return open;
}

}  // namespace

// What one evaluation gathers.
struct evaluator::work {
    const evaluated_person& person;
    const role_catalogue& catalogue;
    const std::set<std::string_view>& rights_givers;
    const std::vector<const withdrawal*>* withdrawn;
    std::vector<effective_role> held;
    std::vector<withheld_role> withheld;

    effective_role& entry_for(const role_name& name) {
        const auto at = std::lower_bound(
            held.begin(), held.end(), name,
            [](const effective_role& a, const role_name& b) { return a.name < b; });
        if (at != held.end() && at->name == name) return *at;
        return *held.insert(at, effective_role{name, {}, {}});
    }

    const withdrawal* withdrawal_of(const role_name& name) const {
        if (withdrawn == nullptr) return nullptr;
        const auto found =
            std::find_if(withdrawn->begin(), withdrawn->end(), [&](const withdrawal* one) {
                return one->role == name && one->member == person.who.member;
            });
        return found == withdrawn->end() ? nullptr : *found;
    }

    // What a rule gives of the rights in Kommpass itself. Validation refuses rules that would give
    // more; whatever gets past it gives nothing here all the same.
    bool confine(const role_name& name, provenance& why) const {
        if (!is_own_right(name)) return true;
        if (!why.mapping.empty() && !rights_givers.contains(why.mapping)) return false;
        if (!contains(why.for_members, person.who.member)) return false;
        why.for_members = {person.who.member};
        return true;
    }

    void add_one(const role_name& name, provenance why) {
        if (!confine(name, why)) return;
        if (const auto* gone = why.mapping.empty() ? nullptr : withdrawal_of(name)) {
            withheld.push_back({name, withheld_role::reason::withdrawn, gone->id, why.for_members});
            return;
        }
        auto& entry = entry_for(name);
        add_sorted(entry.for_members, why.for_members);
        entry.because.push_back(std::move(why));
    }

    // The role and all that it includes.
    void add(const role_name& name, const provenance& why) {
        add_one(name, why);
        for (const auto& inner : catalogue.included_by(name)) {
            auto through = why;
            through.through = inner.through;
            add_one(inner.name, std::move(through));
        }
    }

    template <class Rule, class Roles>
    void add_rule(const Rule& rule, const Roles& roles, provenance why) {
        why.for_members = agreed_members(rule, person.who.member);
        why.from = rule.from;
        why.until = rule.until;
        const auto open = open_members(rule, person.who.member);
        for (const auto& name : roles) {
            if (!open.empty()) {
                withheld.push_back({name, withheld_role::reason::not_agreed, why.document(), open});
            }
            if (!why.for_members.empty()) add(name, why);
        }
    }
};

evaluator::evaluator(const registry& all, const authorships& authors)
    : authors_(authors), mappings_(all.mappings), catalogue_(all), duties_(all) {
    for (const auto& [id, one] : all.mappings) {
        if (may_give_own_rights(all, one)) rights_givers_.insert(one.id);
    }
    for (const auto& [id, one] : all.grants) {
        if (one.state == grant_state::active) grants_[one.person.view()].push_back(&one);
    }
    for (const auto& [id, one] : all.withdrawals) withdrawals_[one.person.view()].push_back(&one);
}

void evaluator::add_mappings(work& todo, parsed_groups* parsed) const {
    const judged_identity judged(todo.person.who, parsed);
    mappings_.candidates(judged, [&](const compiled_mapping& candidate) {
        if (candidate.rule->state == grant_state::requested) return;
        if (!in_force(candidate.rule->from, candidate.rule->until, todo.person.today)) return;
        if (const auto why = judge(candidate, judged))
            todo.add_rule(*candidate.rule, candidate.rule->roles, *why);
    });
}

void evaluator::add_grants(work& todo) const {
    if (todo.person.id.empty()) return;
    const auto found = grants_.find(todo.person.id.view());
    if (found == grants_.end()) return;
    for (const auto* one : found->second) {
        if (one->member != todo.person.who.member ||
            !in_force(one->from, one->until, todo.person.today))
            continue;
        provenance why;
        why.grant = one->id;
        todo.add_rule(*one, std::vector{one->role}, std::move(why));
    }
}

evaluation evaluator::evaluate(const evaluated_person& person, parsed_groups* parsed) const {
    const auto withdrawn = withdrawals_.find(person.id.view());
    const bool any_withdrawn = !person.id.empty() && withdrawn != withdrawals_.end();
    work todo{person, catalogue_, rights_givers_, any_withdrawn ? &withdrawn->second : nullptr,
              {},     {}};
    add_mappings(todo, parsed);
    add_grants(todo);
    evaluation made{std::move(todo.held), {}, std::move(todo.withheld)};
    duties_.apply(person, authors_, made);
    return made;
}

}  // namespace kommpass::policies
