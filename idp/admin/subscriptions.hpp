#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/snapshot.hpp"

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

// What is shown before a booking ends, to whoever may end it.
struct booking_to_end {
    const policies::member* member = nullptr;
    const policies::application* application = nullptr;
    policies::snapshot_ptr registry;
};
[[nodiscard]] answer<booking_to_end> find_booking_to_end(const operation_context&, const actor&,
                                                         const policies::subscription&);

}  // namespace kommpass::idp::admin
