#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// GET and POST /authorize (RFC 6749, 3.1; OpenID Connect Core, 3.1.2): with a session, straight to
// the answer; without one, or where the request asks for a new sign-in, to the sign-in page.
[[nodiscard]] boost::asio::awaitable<http::response> authorization_endpoint(provider&,
                                                                            const http::request&);

}  // namespace kommpass::idp::oauth
