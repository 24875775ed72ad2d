#pragma once

#include "config/vocabulary/local_day.hpp"
#include "policies/registry.hpp"

#include <cstdint>
#include <string>

// What waits for a second person, and what agreements are worth once a rule has changed.
namespace kommpass::idp::admin {

enum class operation : std::uint8_t;
class actor;

// The right that approves this request: who gives a role may also say yes to it, and a sensitive
// one needs whoever releases.
[[nodiscard]] operation approval_right(const actor&, const policies::registry&,
                                       const policies::grant&);

// A rule for other members that is changed loses their agreement, unless the actor may agree for
// them: what was agreed to is no longer what it is.
void drop_stale_agreements(const actor&, const policies::registry& before,
                           policies::registry& after);

// Which mappings that are made or changed need a second person.
enum class waits_for { what_is_sensitive, every_mapping };

// A mapping with a sensitive role that is made or changed becomes a request of the actor's, which a
// second person has to approve; any other stands at once, unless every one is to wait. What is an
// approval stays as it is.
void require_second_person(const actor&, const policies::registry& before,
                           policies::registry& after, day today, const std::string& refused,
                           waits_for);

}  // namespace kommpass::idp::admin
