#pragma once

#include "idp/admin/actor.hpp"
#include "idp/console/admin_words.hpp"
#include "idp/console/console_parts.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <variant>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

// How a browser comes to be signed in at the console: by Kommpass's own OpenID Connect, as any
// application would, or by the emergency access.
namespace kommpass::idp::console {

struct visitor {
    actor who;
    std::string csrf;
    bool emergency = false;
    bool needs_purpose = false;  // says why first: nothing is shown before
};

// Who this browser is. Else the answer that leads on: to the authorization endpoint, or a page that
// says why not. Rights are those of this moment: the person is looked up in the directory.
[[nodiscard]] boost::asio::awaitable<std::variant<visitor, http::response>> find_visitor(
    const console_parts&, const http::request&);

// The answer to whom nothing is shown yet, with the session that knows the purpose now.
[[nodiscard]] http::response with_purpose(const console_parts&, const http::request&,
                                          http::response);

// GET /console/callback: takes the authorization response, redeems the code at the token endpoint
// and remembers the session.
[[nodiscard]] boost::asio::awaitable<http::response> console_callback(const console_parts&,
                                                                      const http::request&);

}  // namespace kommpass::idp::console
