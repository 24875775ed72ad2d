#pragma once

#include "idp/admin/operation_context.hpp"
#include "idp/admin/outgoing_mail.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin {

// Sends by mail what was not told yet: one letter to each address, on a thread of its own. What the
// server does not take is tried again after five minutes. Does nothing without `[mail] url`. For
// the service itself, now and then.
[[nodiscard]] boost::asio::awaitable<void> send_notices(operation_context&, outgoing_mail&);

}  // namespace kommpass::idp::admin
