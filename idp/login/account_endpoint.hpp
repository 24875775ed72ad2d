#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::login {

// GET and POST /account: the person's own sessions; each can be ended, or all at once. Leads to the
// sign-in page first where nobody is signed in.
[[nodiscard]] boost::asio::awaitable<http::response> account_endpoint(provider&,
                                                                      const http::request&);

// Ties a form to the session it was shown in: the CSRF value of pages for people who are signed in.
[[nodiscard]] std::string csrf_for(const jose::key_ring&, const store::session&);

}  // namespace kommpass::idp::login
