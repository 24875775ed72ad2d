#pragma once

#include "idp/admin/operation_context.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::registration {

// POST /register (RFC 7591), for whoever holds an initial access token; GET, PUT and DELETE
// /register/<client id> (RFC 7592), for whoever holds the client's registration access token. What
// it is made from outlives it; one I/O thread only.
class registration_endpoint {
public:
    explicit registration_endpoint(const admin::operation_services& operations)
        : operations_(operations) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    [[nodiscard]] boost::asio::awaitable<http::response> add(const http::request&);
    [[nodiscard]] boost::asio::awaitable<http::response> look_after(const http::request&);

    const admin::operation_services& operations_;
};

}  // namespace kommpass::idp::registration
