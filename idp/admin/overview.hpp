#pragma once

#include "idp/admin/catalogue.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/sign_in_counts.hpp"
#include "idp/store/campaigns.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

inline constexpr auto grants_end_soon = std::chrono::days(14);

struct member_state {
    member_slug member;
    std::chrono::seconds silent_for{0};  // its directory; zero: it answered last time
    std::size_t applications = 0;
    std::size_t conflicts = 0;
    bool active = true;  // false: its directory is still being set up
};

struct overview {
    policies::snapshot_ptr registry;  // that all of it is of
    std::vector<member_state> members;
    std::vector<policies::grant> waiting;  // for approval
    std::vector<policies::constraint_exception> waiting_exceptions;
    std::vector<std::string> waiting_mappings;
    std::vector<std::pair<std::string, member_slug>> agreements;  // document, target that is asked
    std::vector<policies::grant> ending;                          // within two weeks
    std::vector<standing_conflict> conflicts;
    instant conflicts_looked_at{};
    // Whose directory did not answer then, or not with everybody.
    std::vector<member_slug> not_looked_at;
    std::vector<std::pair<day, sign_in_count>> sign_ins;
    std::vector<store::campaign_progress> open_reviews;
    std::vector<role_offer> offers;
    std::vector<std::pair<application_key, client_id>> waiting_clients;
    std::vector<member_slug> waiting_directories;  // a change waits for a second person
    std::vector<expiring_certificate> certificates;
    std::vector<http::certificate_fault> own_certificate;  // of the service; the association's
};

// What the actor may see of it. Reads on in the audit log where the last look ended.
[[nodiscard]] boost::asio::awaitable<answer<overview>> look_around(operation_context&,
                                                                   const actor&);

}  // namespace kommpass::idp::admin
