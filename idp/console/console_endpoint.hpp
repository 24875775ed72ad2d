#pragma once

#include "idp/console/console_parts.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>
#include <vector>

namespace kommpass::idp::http {
struct response;
struct request;
enum class method;
}  // namespace kommpass::idp::http

namespace kommpass::idp::console {

// An address below /console: "members/*/set-up", where '*' takes one segment.
struct address {
    http::method method;
    std::string_view pattern;
};
// All of them, for tests that walk them.
[[nodiscard]] std::vector<address> addresses();

// Whether this is a form of ours whose page can show again what was typed.
[[nodiscard]] bool is_shown_again(const http::request&);

// Everything at and below /console.
class console_endpoint {
public:
    explicit console_endpoint(const console_parts& parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const console_parts& parts_;
};

}  // namespace kommpass::idp::console
