#pragma once

#include "idp/account/account_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::sessions {
struct signed_in;
}

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::account {

// GET and POST /account: the person's own sessions and roles; each session can be ended, or all at
// once. Leads to the sign-in page first where nobody is signed in.
class account_endpoint {
public:
    account_endpoint(account_parts parts, const admin::operation_services& operations)
        : parts_(parts), operations_(operations) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    [[nodiscard]] boost::asio::awaitable<http::response> show(const http::request&,
                                                              const sessions::signed_in&);
    [[nodiscard]] boost::asio::awaitable<http::response> end_sessions(const http::request&,
                                                                      const sessions::signed_in&);

    account_parts parts_;
    const admin::operation_services& operations_;
};

}  // namespace kommpass::idp::account
