#pragma once

#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>

// What registered itself (`client_registration.hpp`, which this is a part of) and waits too long.
namespace kommpass::idp::admin {

struct operation_context;

// Takes away what has waited for approval longer than `registration_wait`, with a record for each.
// What is approved meanwhile stays. How many went.
[[nodiscard]] boost::asio::awaitable<answer<std::size_t>> drop_overdue_registrations(
    operation_context&);

}  // namespace kommpass::idp::admin
