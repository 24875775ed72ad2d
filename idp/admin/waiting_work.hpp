#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <cstddef>
#include <optional>

// What waits for a second person or an agreement: requests for roles and exceptions, mappings,
// clients. Everybody's changes carry the whole registry, so each has a share of it that may wait.
namespace kommpass::idp::admin {

class actor;

inline constexpr std::size_t most_waiting_of_administrator = 50;
inline constexpr std::size_t most_waiting_of_member = 300;   // asked by administrators
inline constexpr std::size_t most_waiting_of_people = 1000;  // of a member, asked by employees

// `too_much_waits` if the change adds to what waits and there is more of the actor's, or of a
// member's, than may be. What only takes away is never refused.
[[nodiscard]] std::optional<refusal> too_much_waits(const actor&, const policies::registry& before,
                                                    const policies::registry& after);

}  // namespace kommpass::idp::admin
