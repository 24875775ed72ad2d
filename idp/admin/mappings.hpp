#pragma once

#include "idp/admin/registry_change.hpp"

#include <optional>
#include <string>

// Rules that give roles to persons of a member, or of all.
namespace kommpass::idp::admin {

// Makes or changes a mapping. One with a sensitive role waits for a second person.
[[nodiscard]] boost::asio::awaitable<answer<long long>> put_mapping(
    operation_context&, const actor&, policies::mapping, std::string why,
    std::optional<long long> expected);
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_mapping(
    operation_context&, const actor&, std::string id, std::string why,
    std::optional<long long> expected);

// The same as drafts, for simulations.
[[nodiscard]] registry_change change_to(policies::mapping);
[[nodiscard]] registry_change removal_of_mapping(std::string id);

// Whether the actor may read it.
[[nodiscard]] bool may_see(const actor&, const policies::mapping&);

}  // namespace kommpass::idp::admin
