#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

// Which member has booked which application. Without a booking nobody of theirs gets in.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

// A booking that is there already stays.
[[nodiscard]] boost::asio::awaitable<answer<long long>> book(operation_context&, const actor&,
                                                             policies::subscription,
                                                             std::string why,
                                                             std::optional<long long> expected);
[[nodiscard]] boost::asio::awaitable<answer<long long>> end_booking(
    operation_context&, const actor&, policies::subscription, std::string why,
    std::optional<long long> expected);

}  // namespace kommpass::idp::admin
