#pragma once

#include "idp/gateway/gateway_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::gateway {

class gatekeeper;

// Any method at /gateway/check: what a proxy asks about each request before it hands it on.
//   200  let it through, with these identity headers in place of what the browser sent
//   401  nobody is signed in (enough); 403  the person may not; 503  the store does not answer
// A navigation is answered with a redirect to the sign-in in place of 401 and 403, unless the proxy
// takes statuses alone ("?answers=status"): then the address stands in X-Kommpass-Location. What is
// no navigation gets 401 or 403 with the address in a JSON body. One I/O thread only.
class check_endpoint {
public:
    check_endpoint(gateway_parts parts, gatekeeper& gate) : parts_(parts), gate_(gate) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    gateway_parts parts_;
    gatekeeper& gate_;
};

}  // namespace kommpass::idp::gateway
