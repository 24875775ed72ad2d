#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// POST /revoke (RFC 7009): a refresh token takes its family and all access tokens of it along; an
// access token goes alone. Only the client's own; unknown tokens are answered with 200 as well.
[[nodiscard]] boost::asio::awaitable<http::response> revocation_endpoint(provider&,
                                                                         const http::request&);

}  // namespace kommpass::idp::oauth
