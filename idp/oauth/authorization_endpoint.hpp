#pragma once

#include "idp/http/message.hpp"
#include "idp/oauth/authorization_flow.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::login {
class sign_in_pages;
}

namespace kommpass::idp::oauth {

// GET and POST /authorize (RFC 6749, 3.1; OpenID Connect Core, 3.1.2): with a session, straight to
// the answer; without one, or where the request asks for a new sign-in, to the sign-in page.
class authorization_endpoint {
public:
    authorization_endpoint(authorization_flow& flow, const login::sign_in_pages& pages,
                           sessions::single_sign_on& sso, const clock& time,
                           const live<policies::snapshot>& registry,
                           const live<jose::key_ring>& keys)
        : flow_(flow), pages_(pages), sso_(sso), time_(time), registry_(registry), keys_(keys) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    [[nodiscard]] boost::asio::awaitable<http::response> authorize(const http::request&,
                                                                   authorization_request);
    [[nodiscard]] bool must_sign_in_again(const authorization_request&,
                                          const sessions::signed_in&) const;
    [[nodiscard]] http::response sign_in_page(const http::request&, const sessions::browser&,
                                              const authorization_request&,
                                              const sessions::signed_in* present) const;

    authorization_flow& flow_;
    const login::sign_in_pages& pages_;
    sessions::single_sign_on& sso_;
    const clock& time_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
};

}  // namespace kommpass::idp::oauth
