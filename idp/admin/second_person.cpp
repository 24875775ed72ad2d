#include "idp/admin/second_person.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/rule_comparison.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using policies::registry;

template <class Rules>
void drop_from(const actor& who, const Rules& before, Rules& after) {
    for (auto& [id, rule] : after) {
        const auto was = before.find(id);
        // An approval changes the state, not what was agreed to.
        if (was != before.end() &&
            (same_but_agreed(was->second, rule) || is_approval(was->second, rule)))
            continue;
        const auto& named = rule.for_members;
        std::erase_if(rule.agreed, [&](const member_slug& one) {
            return !who.may(operation::agree_scope, one) ||
                   std::find(named.begin(), named.end(), one) == named.end();
        });
    }
}

}  // namespace

operation approval_right(const actor& who, const registry& all, const policies::grant& one) {
    const bool gives = !policies::needs_second_person(all, one.role) &&
                       who.may(operation::request_grant, one.member);
    return gives ? operation::request_grant : operation::approve_grant;
}

void require_second_person(const actor& who, const registry& before, registry& after, day today,
                           const std::string& refused, waits_for which) {
    const auto is_sensitive = [&](const role_name& name) {
        return policies::needs_second_person(after, name);
    };
    for (auto& [id, rule] : after.mappings) {
        if (id == refused) continue;
        const auto was = before.mappings.find(id);
        if (was != before.mappings.end() &&
            (was->second == rule || is_approval(was->second, rule) ||
             (same_but_agreed(was->second, rule))))
            continue;
        const bool asks = which == waits_for::every_mapping ||
                          std::any_of(rule.roles.begin(), rule.roles.end(), is_sensitive);
        rule.state = asks ? policies::grant_state::requested : policies::grant_state::active;
        // Also of what needs nobody else here: whoever agrees for a target reads who asks.
        rule.asked_by = who.id();
        rule.asked_on = today;
        rule.approved_by.clear();
        rule.approved_on.reset();
    }
}

void drop_stale_agreements(const actor& who, const registry& before, registry& after) {
    drop_from(who, before.mappings, after.mappings);
    // A grant's approval changes its state, not what was agreed to.
    for (auto& [id, one] : after.grants) {
        const auto was = before.grants.find(id);
        if (was != before.grants.end()) continue;
        std::erase_if(one.agreed, [&](const member_slug& member) {
            return !who.may(operation::agree_scope, member);
        });
    }
}

}  // namespace kommpass::idp::admin
