#pragma once

#include "policies/registry.hpp"

// In what two versions of a rule differ.
namespace kommpass::idp::admin {

// Nothing but who agreed.
template <class Rule>
[[nodiscard]] bool same_but_agreed(Rule a, const Rule& b) {
    a.agreed = b.agreed;
    return a == b;
}

// Nothing but that what was asked for is approved.
[[nodiscard]] inline bool is_approval(const policies::mapping& before, policies::mapping after) {
    if (before.state != policies::grant_state::requested ||
        after.state != policies::grant_state::active)
        return false;
    after.state = before.state;
    after.approved_by = before.approved_by;
    after.approved_on = before.approved_on;
    return after == before;
}

}  // namespace kommpass::idp::admin
