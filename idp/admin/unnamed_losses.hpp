#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/replacement.hpp"

#include <optional>

namespace kommpass::idp::admin {

// Why a change is refused for what it would take away for good without being asked for by name: a
// member, with its people and their rights; the subjects by which an application knows its people;
// and, where it replaces the whole registry, a role that had been taken away and would come back.
// The details say what, and `code` is told apart by the three.
[[nodiscard]] std::optional<refusal> unnamed_losses(const policies::registry& before,
                                                    const policies::registry& after,
                                                    const policies::named_losses&,
                                                    bool replaces_all);

}  // namespace kommpass::idp::admin
