#pragma once

#include "idp/console/console_parts.hpp"
#include "idp/http/message.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::console {

// Everything at and below /console.
class console_endpoint {
public:
    explicit console_endpoint(const console_parts& parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const console_parts& parts_;
};

}  // namespace kommpass::idp::console
