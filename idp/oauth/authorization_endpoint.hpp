#pragma once

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::oauth {

class authorization_flow;
class request_intake;

// GET and POST /authorize (RFC 6749, 3.1; OpenID Connect Core, 3.1.2): judges the request, and
// begins with it.
class authorization_endpoint {
public:
    authorization_endpoint(authorization_flow& flow, request_intake& intake)
        : flow_(flow), intake_(intake) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    authorization_flow& flow_;
    request_intake& intake_;
};

}  // namespace kommpass::idp::oauth
