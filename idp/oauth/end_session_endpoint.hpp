#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// GET and POST /end-session (OpenID Connect RP-Initiated Logout 1.0). A valid id_token_hint of the
// session in this browser signs out at once; anything else asks the person first. A redirect
// follows only to a registered URI of a client that the hint proves.
[[nodiscard]] boost::asio::awaitable<http::response> end_session_endpoint(provider&,
                                                                          const http::request&);

// POST /sign-out: the answer of a person who was asked.
[[nodiscard]] boost::asio::awaitable<http::response> sign_out_endpoint(provider&,
                                                                       const http::request&);

}  // namespace kommpass::idp::oauth
