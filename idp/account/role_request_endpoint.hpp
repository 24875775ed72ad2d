#pragma once

#include "idp/account/account_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::account {

// GET and POST /account/role: asks for a role, or for a deputy; shows what waits and what was
// refused. Leads to the sign-in page first where nobody is signed in.
class role_request_endpoint {
public:
    role_request_endpoint(account_parts parts, const admin::operation_services& operations)
        : parts_(parts), operations_(operations) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    account_parts parts_;
    const admin::operation_services& operations_;
};

}  // namespace kommpass::idp::account
