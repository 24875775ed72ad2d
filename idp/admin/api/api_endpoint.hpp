#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin::api {

// Everything below /api/v1/: an access token of a person, issued to a client of the application
// `fed` with the scope fed:read or fed:write (RFC 6750); answers as JSON, refusals as problem+json
// (RFC 9457). `Idempotency-Key` and `If-Match` as the OpenAPI document says.
[[nodiscard]] boost::asio::awaitable<http::response> api_endpoint(provider&, const http::request&);

}  // namespace kommpass::idp::admin::api
