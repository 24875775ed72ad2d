#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::login {

// POST /sign-in: every button of the sign-in pages. The sealed transaction says what the sign-in is
// for and which browser it belongs to; the button says what the person wants.
[[nodiscard]] boost::asio::awaitable<http::response> sign_in_endpoint(provider&,
                                                                      const http::request&);

}  // namespace kommpass::idp::login
