#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::account {

// GET and POST /account: the person's own sessions; each can be ended, or all at once. Leads to the
// sign-in page first where nobody is signed in.
[[nodiscard]] boost::asio::awaitable<http::response> account_endpoint(provider&,
                                                                      const http::request&);

}  // namespace kommpass::idp::account
