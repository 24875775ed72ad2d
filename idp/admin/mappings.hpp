#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

// Rules that give roles to persons of a member, or of all.
namespace kommpass::idp::admin {

struct registry_change;
struct operation_context;
class actor;

// Makes or changes a mapping. One with a sensitive role waits for a second person, and so does one
// by which its author would gain a role.
[[nodiscard]] boost::asio::awaitable<answer<long long>> put_mapping(
    operation_context&, const actor&, policies::mapping, std::string why,
    std::optional<long long> expected);
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_mapping(
    operation_context&, const actor&, std::string id, std::string why,
    std::optional<long long> expected);

// A mapping that waits. Refused, it is again what it was in force as before; a new one goes.
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_mapping(
    operation_context&, const actor&, std::string id, std::string why, shown_digest);
[[nodiscard]] boost::asio::awaitable<answer<long long>> refuse_mapping(operation_context&,
                                                                       const actor&, std::string id,
                                                                       std::string why,
                                                                       shown_digest);

// The same as drafts, for simulations.
[[nodiscard]] registry_change change_to(policies::mapping);
[[nodiscard]] registry_change removal_of_mapping(std::string id);

// Whether the actor may read it.
[[nodiscard]] bool may_see(const actor&, const policies::mapping&);

}  // namespace kommpass::idp::admin
