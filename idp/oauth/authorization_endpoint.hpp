#pragma once

#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

class authorization_flow;

// GET and POST /authorize (RFC 6749, 3.1; OpenID Connect Core, 3.1.2): judges the request, and
// begins with it.
class authorization_endpoint {
public:
    authorization_endpoint(authorization_flow& flow, const live<policies::snapshot>& registry,
                           const live<jose::key_ring>& keys)
        : flow_(flow), registry_(registry), keys_(keys) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    authorization_flow& flow_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
};

}  // namespace kommpass::idp::oauth
