#pragma once

#include "idp/admin/actor.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/documents.hpp"

#include <optional>

namespace kommpass::idp::admin {

// Whether the actor may change the documents so. Pure. The first that is not theirs is named;
// another member's is `not_found`.
[[nodiscard]] std::optional<refusal> judge_changes(const actor&, const policies::registry& before,
                                                   const policies::registry& after,
                                                   const std::vector<policies::document_change>&);

// A rule for other members that is changed loses their agreement, unless the actor may agree for
// them: what was agreed to is no longer what it is.
void drop_stale_agreements(const actor&, const policies::registry& before,
                           policies::registry& after);

}  // namespace kommpass::idp::admin
