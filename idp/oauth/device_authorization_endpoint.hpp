#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kommpass {
class randomness;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

class client_authenticator;

// POST /device-authorization (RFC 8628, 3.1): a device without a browser gets a code to poll with
// and a code for its person. For clients that are registered for the grant. What it is made from
// outlives it.
class device_authorization_endpoint {
public:
    device_authorization_endpoint(const std::string& issuer, const clock& time, randomness& random,
                                  store::store& memory, client_authenticator& clients)
        : issuer_(issuer), time_(time), random_(random), memory_(memory), clients_(clients) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const std::string& issuer_;
    const clock& time_;
    randomness& random_;
    store::store& memory_;
    client_authenticator& clients_;
};

}  // namespace kommpass::idp::oauth
