#pragma once

#include "idp/console/console_parts.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

// The links that open a console session once: the emergency access and the invitation. GET shows
// what the link does, POST uses it up.
namespace kommpass::idp::console {

class break_glass_endpoint {
public:
    explicit break_glass_endpoint(const console_parts& parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const console_parts& parts_;
};

class invitation_endpoint {
public:
    explicit invitation_endpoint(const console_parts& parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const console_parts& parts_;
};

}  // namespace kommpass::idp::console
