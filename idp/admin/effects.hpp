#pragma once

#include "idp/admin/everybody.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/documents.hpp"
#include "policies/simulation.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {

struct operation_context;
class actor;
struct member_effects {
    member_slug member;
    policies::simulated effects;
    reading_extent came{};  // whether everybody was judged
};

// Told now and then: how many persons have been judged, of how many that are known so far. False
// ends the work.
using progress = std::function<bool(std::size_t done, std::size_t of)>;

// Judges every person of these members, read from their directories in pages, under both
// registries. A directory that does not answer is `directory_unavailable`, with the member in the
// details; a cancelled run is `cancelled`; one that a limit ended says so with the member's
// effects.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<member_effects>>> effects_of(
    operation_context&, policies::snapshot_ptr before, policies::snapshot_ptr after,
    std::vector<member_slug> members, progress);

// Whose persons a change can concern: one person's documents concern nobody else.
struct concerned {
    std::set<member_slug> members;                           // all of their persons
    std::vector<std::pair<member_slug, person_id>> persons;  // these alone
};
[[nodiscard]] concerned concerned_by(const policies::registry& before,
                                     const policies::registry& after,
                                     const std::vector<policies::document_change>&);

// The persons whom the change would give incompatible roles, as sentences; empty: none. Of members
// whose roles the actor may not see, it is said that there is somebody, and not who. Reads as
// little of the directories as it can, and nothing if there is no constraint. Where a directory
// does not tell of everybody, nobody knows: `directory_cut_off`.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<std::string>>> conflicts_of(
    operation_context&, const actor&, policies::snapshot_ptr before, policies::snapshot_ptr after,
    const std::vector<policies::document_change>&);

}  // namespace kommpass::idp::admin
