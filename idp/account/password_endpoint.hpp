#pragma once

#include "idp/account/account_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::login {
class password_change;
}

namespace kommpass::idp::account {

// GET and POST /account/password: a new password because the person wants one.
class password_endpoint {
public:
    password_endpoint(account_parts parts, login::password_change& changes)
        : parts_(parts), changes_(changes) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    account_parts parts_;
    login::password_change& changes_;
};

}  // namespace kommpass::idp::account
