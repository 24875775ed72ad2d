#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// POST /introspect (RFC 7662): for confidential clients, about tokens meant for them: their own,
// and those whose audience they are. Anything else is `{"active": false}` and nothing more. The
// answer has `username`, and `email` where the scope gives it, since mail servers look for them.
[[nodiscard]] boost::asio::awaitable<http::response> introspection_endpoint(provider&,
                                                                            const http::request&);

}  // namespace kommpass::idp::oauth
