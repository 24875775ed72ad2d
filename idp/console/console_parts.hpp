#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::console {

// What the console works with. All of one I/O thread; outlives its endpoints.
struct console_parts {
    const admin::operation_services& operations;
    sessions::single_sign_on& sso;
    audit::recorder& recorder;
    // Redeems the console's own codes.
    std::function<boost::asio::awaitable<http::response>(const http::request&)> token_endpoint;
};

}  // namespace kommpass::idp::console
