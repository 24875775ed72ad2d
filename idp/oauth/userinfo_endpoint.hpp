#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// GET and POST /userinfo (OpenID Connect Core, 5.3). The token comes in the header, or in the form
// body of a POST; never in the query (RFC 9700, 4.3.2).
[[nodiscard]] boost::asio::awaitable<http::response> userinfo_endpoint(provider&,
                                                                       const http::request&);

}  // namespace kommpass::idp::oauth
