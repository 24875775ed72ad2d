#pragma once

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin {

struct operation_context;

// Looks at every person of every member: for incompatible roles that a directory change brought
// about, of which it records those that are new, and for who can give roles. Leaves what it found
// in `found`. For the service itself, now and then.
[[nodiscard]] boost::asio::awaitable<void> review_directories(operation_context&);

}  // namespace kommpass::idp::admin
