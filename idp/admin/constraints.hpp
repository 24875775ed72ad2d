#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

// Separation of duties: roles that one person must not hold together.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

[[nodiscard]] boost::asio::awaitable<answer<long long>> put_constraint(
    operation_context&, const actor&, policies::constraint, std::string why,
    std::optional<long long> expected);
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_constraint(
    operation_context&, const actor&, std::string id, std::string why,
    std::optional<long long> expected);

}  // namespace kommpass::idp::admin
