#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// The OpenID Connect clients of an application, looked after by the association or by the member
// that operates the application.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

// Makes or changes a client. One that the operator makes waits for the association; what an
// operator changes in one that stands is limited to its addresses, keys and algorithms. What would
// give every person another subject is refused without `new_subjects`.
[[nodiscard]] boost::asio::awaitable<answer<long long>> put_client(
    operation_context&, const actor&, application_key, policies::client, std::string why,
    std::optional<long long> expected, bool new_subjects = false);
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_client(
    operation_context&, const actor&, application_key, client_id, std::string why, shown_digest);
// One that waits is refused by this: whoever refuses says what they were shown.
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_client(operation_context&,
                                                                      const actor&, application_key,
                                                                      client_id, std::string why,
                                                                      shown_digest shown = {});

// A new secret beside the one that is in use, which stays good until `end_old_secret`: nothing
// breaks while the application takes the new one. Shown this once.
struct made_secret {
    std::string secret;
    long long revision = 0;
};
[[nodiscard]] boost::asio::awaitable<answer<made_secret>> make_client_secret(
    operation_context&, const actor&, application_key, client_id, std::string why);
[[nodiscard]] boost::asio::awaitable<answer<long long>> end_old_secret(operation_context&,
                                                                       const actor&,
                                                                       application_key, client_id,
                                                                       std::string why);

// What went wrong at the protocol for a client, newest first, without persons: what its operator
// needs to know. Looks at 20,000 records at most.
struct client_failure {
    instant at{};
    std::string event;   // "token.refused", "authorization.refused", ...
    std::string result;  // the protocol's error code, or the verdict
    std::string description;
};
[[nodiscard]] boost::asio::awaitable<answer<std::vector<client_failure>>> client_failures(
    operation_context&, const actor&, application_key, client_id);

// One of an application's clients, for whoever may know the application.
struct seen_client {
    policies::snapshot_ptr registry;
    const policies::application* owner = nullptr;
    const policies::client* document = nullptr;  // null: a new one, which the actor may make
};
// `id` empty: a new one.
[[nodiscard]] answer<seen_client> find_client(const operation_context&, const actor&,
                                              const application_key&, const client_id& id);

[[nodiscard]] bool may_see_failures(const actor&, const policies::application&) noexcept;
[[nodiscard]] bool may_change_clients(const actor&, const policies::application&) noexcept;

}  // namespace kommpass::idp::admin
