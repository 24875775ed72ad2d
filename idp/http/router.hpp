#pragma once

#include "idp/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace kommpass::idp::http {

using handler = std::function<boost::asio::awaitable<response>(const request&)>;
// For answers that wait for nothing: no coroutine is made for them. Called on the connection's
// thread.
using immediate_handler = std::function<response(const request&)>;

struct route_options {
    bool cors = false;
};

// Paths and methods to handlers, exact paths and prefixes (ending in '/'). Filled before the server
// starts, read-only and shared afterwards; one router for each I/O thread, so that handlers can own
// thread-local parts. HEAD is answered as GET without a body. A known path with another method: 405
// with Allow. CORS preflight (OPTIONS) is answered for routes added with `cors`.
class router {
public:
    void add(std::initializer_list<method> methods, std::string path, handler, route_options = {});
    void add_immediate(std::initializer_list<method> methods, std::string path, immediate_handler,
                       route_options = {});
    // Answers what no route matches: a 404 page.
    void set_not_found(immediate_handler);

    struct route {
        std::vector<method> methods;
        std::variant<handler, immediate_handler> handle;
        route_options options;
    };
    struct match {
        const route* found = nullptr;         // set if path and method match
        const route* other_method = nullptr;  // set if only the path matches
    };
    [[nodiscard]] match find(method, std::string_view path) const;
    [[nodiscard]] const immediate_handler& not_found() const noexcept { return not_found_; }

private:
    std::map<std::string, std::vector<route>, std::less<>> exact_;
    std::map<std::string, std::vector<route>, std::less<>> prefixes_;
    immediate_handler not_found_;
};

}  // namespace kommpass::idp::http
