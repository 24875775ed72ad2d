#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/snapshot.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What waits in the registry for a second person: exceptions, grants and mappings.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

struct pending_request {
    std::variant<const policies::constraint_exception*, const policies::grant*,
                 const policies::mapping*>
        document;        // of the registry that the list is of
    std::string key;     // "exception/...", "grant/...", "mapping/...": their order
    std::string digest;  // of the version that is shown
    bool own = false;    // the actor asked for it
    bool for_actor = false;
    bool may_approve = false;
};
struct pending_requests {
    policies::snapshot_ptr registry;
    std::vector<pending_request> requests;
    std::optional<std::string> next;  // the key behind which the next page begins
};
// Those that the actor may see, behind the key `after`. A mapping of everybody's waits for whoever
// looks after everybody.
[[nodiscard]] answer<pending_requests> list_pending_requests(const operation_context&, const actor&,
                                                             std::string_view after,
                                                             std::size_t most);

// Whether a document waits, and waits for people of whom the actor is one.
[[nodiscard]] bool waits_before(const actor&, const policies::mapping&) noexcept;
[[nodiscard]] bool waits_before(const actor&, const policies::grant&) noexcept;
[[nodiscard]] bool waits_before(const actor&, const policies::constraint_exception&) noexcept;

}  // namespace kommpass::idp::admin
