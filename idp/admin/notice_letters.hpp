#pragma once

#include "idp/admin/workplace.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin {

// Sends by mail what was not told yet: one letter to each address, in the mailing room. What the
// server does not take is tried again after five minutes. Does nothing without `[mail] url`. For
// the service itself, now and then.
[[nodiscard]] boost::asio::awaitable<void> send_notices(provider&);

}  // namespace kommpass::idp::admin
