#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/store/person.hpp"
#include "policies/evaluation.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

struct open_session {
    std::string id;
    instant authenticated_at{};
    instant last_used_at{};
    instant expires_at{};
    std::string acr;
};

// A person as everything says now. Without `who` the directory did not answer, or the person is
// gone: `gone` tells which.
struct person_view {
    store::person person;
    std::optional<identity> who;
    bool gone = false;
    policies::evaluation roles;
    std::vector<policies::grant> grants;
    std::vector<policies::withdrawal> withdrawals;
    std::vector<policies::constraint_exception> exceptions;
    std::vector<open_session> sessions;  // only for whom may see them
    policies::snapshot_ptr registry;
};
[[nodiscard]] boost::asio::awaitable<answer<person_view>> view_person(operation_context&,
                                                                      const actor&, person_id);

}  // namespace kommpass::idp::admin
