#pragma once

#include "idp/admin/grants.hpp"
#include "policies/evaluation.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// Roles that employees ask for, for themselves or for a deputy. Nothing holds before somebody who
// gives roles at their member has approved it.
namespace kommpass::idp::admin {

struct requestable_roles {
    // Of applications that the member has booked: what its own administrators give and the person
    // does not hold.
    std::vector<role_name> missing;
    // What the person holds and may ask a deputy to be given.
    std::vector<policies::effective_role> held;
};
[[nodiscard]] requestable_roles requestable_by(const policies::snapshot&,
                                               const policies::evaluated_person&);

// Whether a role of this application can be asked for at all.
[[nodiscard]] bool offers_requests(const policies::application&);

struct role_request {
    role_name role;
    // The user name of the colleague who is to act meanwhile; a role of one's own then, with an
    // end. Nothing: for oneself.
    std::optional<std::string> deputy;
    std::string reason;
    std::optional<day> from;
    std::optional<day> until;
};
// At most 5 of a person's requests wait, and 20 a day are taken. A deputy's role is for the same
// members as the person's own; those besides their own have to agree.
[[nodiscard]] boost::asio::awaitable<answer<made_grant>> ask_for_role(
    operation_context&, const policies::evaluated_person&, role_request);

// Takes a request back, or ends a deputy's role before its time.
[[nodiscard]] boost::asio::awaitable<answer<long long>> take_back(operation_context&,
                                                                  const policies::evaluated_person&,
                                                                  std::string id);

struct refused_request {
    role_name role;
    std::string why;
    day on;
};
struct own_requests {
    std::vector<policies::grant> waiting;   // for the person, or for their deputies
    std::vector<policies::grant> deputies;  // that hold, or will
    std::vector<refused_request> refused;   // of the last 30 days, newest first
};
[[nodiscard]] boost::asio::awaitable<answer<own_requests>> requests_of(
    operation_context&, const policies::evaluated_person&);

}  // namespace kommpass::idp::admin
