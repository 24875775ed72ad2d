#pragma once

#include "idp/gateway/gateway_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::gateway {

struct asked_host;
struct way_back;
class gatekeeper;

// What an application's proxy hands through to us at the application's own host, so that a cookie
// can be set there. One I/O thread only.
//   /.kommpass/start     remembers the browser, and leads to the sign-in at our own address
//   /.kommpass/callback  takes the code from there, once, and sets the cookie
//   /.kommpass/sign-out  ends the session at this host, and asks at our own address whether all
class host_endpoint {
public:
    host_endpoint(gateway_parts parts, gatekeeper& gate) : parts_(parts), gate_(gate) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    using answered = boost::asio::awaitable<http::response>;
    [[nodiscard]] answered start(const http::request&, const asked_host&);
    [[nodiscard]] answered take_code(const http::request&, const asked_host&);
    [[nodiscard]] answered sign_out(const http::request&, const asked_host&);
    enum class use {
        first,  // it may give a session
        again,  // it was used before, or is over
        unavailable,
    };
    [[nodiscard]] boost::asio::awaitable<use> use_up(const way_back&);
    // A page of ours, at our own address: cookies are not kept, and the way would go round.
    [[nodiscard]] http::response goes_round() const;

    gateway_parts parts_;
    gatekeeper& gate_;
};

}  // namespace kommpass::idp::gateway
