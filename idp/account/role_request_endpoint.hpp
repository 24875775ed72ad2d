#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::account {

// GET and POST /account/role: asks for a role, or for a deputy; shows what waits and what was
// refused. Leads to the sign-in page first where nobody is signed in.
[[nodiscard]] boost::asio::awaitable<http::response> role_request_endpoint(provider&,
                                                                           const http::request&);

}  // namespace kommpass::idp::account
