#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace kommpass::idp::http {

enum class method;
struct response;
struct request;

using handler = std::function<boost::asio::awaitable<response>(const request&)>;
// For answers that wait for nothing: no coroutine is made for them. Called on the connection's
// thread.
using immediate_handler = std::function<response(const request&)>;

struct route_options {
    bool cors = false;
};

// Paths and methods to handlers, exact paths and prefixes (ending in '/'). An exact path wins over
// a prefix, a longer prefix over a shorter one. Filled before the server starts, read-only and
// shared afterwards; one router for each I/O thread, so that handlers can own thread-local parts.
// HEAD is answered as GET without a body. A known path with another method: 405 with Allow. CORS
// preflight (OPTIONS) is answered for routes added with `cors`, and their answers let any origin
// read them.
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
        std::string path;        // as it was added; for logs and metrics
        std::size_t number = 0;  // 0, 1, 2, ... in the order of adding

        [[nodiscard]] bool takes(method) const noexcept;
    };
    struct match {
        const route* found = nullptr;         // set if path and method match
        const route* other_method = nullptr;  // set if only the path matches
    };
    [[nodiscard]] match find(method, std::string_view path) const;
    // What the path's routes take, for the Allow header: "GET, HEAD, POST".
    [[nodiscard]] std::string allowed_methods(std::string_view path) const;
    [[nodiscard]] const immediate_handler& not_found() const noexcept { return not_found_; }
    // In the order of their numbers.
    [[nodiscard]] const std::deque<route>& routes() const noexcept { return routes_; }

private:
    struct path_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view path) const noexcept {
            return std::hash<std::string_view>{}(path);
        }
    };
    using routes_of_path = std::vector<const route*>;

    void put(std::initializer_list<method>, std::string path,
             std::variant<handler, immediate_handler>, route_options);
    [[nodiscard]] const routes_of_path* at(std::string_view path) const;

    std::deque<route> routes_;  // stays where it is: the indexes point into it
    std::unordered_map<std::string, routes_of_path, path_hash, std::equal_to<>> exact_;
    std::vector<std::pair<std::string, routes_of_path>> prefixes_;  // longest first
    immediate_handler not_found_;
};

}  // namespace kommpass::idp::http
