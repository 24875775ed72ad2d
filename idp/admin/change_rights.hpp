#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/documents.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::admin {

class actor;

// Whether the actor may change the documents so. Pure. The first that is not theirs is named;
// another member's is `not_found`. `refused`: a mapping that waited, and is what it was before
// again. `repointed`: the member whose directory is changed as two people agreed.
[[nodiscard]] std::optional<refusal> judge_changes(const actor&, const policies::registry& before,
                                                   const policies::registry& after,
                                                   const std::vector<policies::document_change>&,
                                                   const std::string& refused = {},
                                                   const member_slug& repointed = {});

}  // namespace kommpass::idp::admin
