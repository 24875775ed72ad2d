#pragma once

#include "policies/documents.hpp"
#include "policies/simulation.hpp"

#include <vector>

// Nobody widens their own rights, by a rule as little as by a grant.
namespace kommpass::idp::admin {

class actor;

// The roles that whoever makes the change would hold by it and does not hold now, today or on a
// later day on which a rule begins or ends; sorted, each once. Found by evaluating them, with the
// groups that are known of them now, before and after: so it makes no difference by which document
// they gain (a mapping, a role that includes another, a scope, a constraint that goes). Pure.
//
// Of whoever cannot be evaluated wholly, since the directory tells only a part of their groups,
// every role counts that a changed mapping, or a role that includes more, gives to anybody. Whoever
// is no person at all, the machine's operator, gains nothing.
[[nodiscard]] std::vector<policies::scoped_role> own_gain(
    const actor&, const policies::snapshot& before, const policies::snapshot& after,
    const std::vector<policies::document_change>&, day today);

}  // namespace kommpass::idp::admin
