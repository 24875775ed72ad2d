#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/login/purpose.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::login {

class password_change;
class password_factor;
class sign_in_pages;

// What a step of a sign-in works with. All of one I/O thread; outlives the endpoint.
struct sign_in_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    const live<jose::key_ring>& keys;
    const live<policies::snapshot>& registry;
    sessions::single_sign_on& sso;
    const sign_in_pages& pages;
    password_factor& password;
    password_change& changes;
};

struct next_page;
struct sign_in_state;

// POST /sign-in: every button of the sign-in pages. The sealed state says what the sign-in is for,
// where it stands and which browser it belongs to; the button says what the person wants.
// GET /sign-in: the page that follows (`next_page`). A page of another browser, or too old, begins
// its purpose anew; whoever comes with none at all is led to their own pages.
class sign_in_endpoint {
public:
    sign_in_endpoint(sign_in_parts parts, std::vector<purpose*> purposes)
        : parts_(parts), purposes_(std::move(purposes)) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    using answered = boost::asio::awaitable<http::response>;
    [[nodiscard]] answered press(const http::request&);
    [[nodiscard]] answered show(const http::request&);
    [[nodiscard]] answered begin_anew(const http::request&, const sign_in_state&,
                                      std::string user_name);
    [[nodiscard]] boost::asio::awaitable<purpose::opened> open(const http::request&,
                                                               const sign_in_state&);

    sign_in_parts parts_;
    std::vector<purpose*> purposes_;
};

}  // namespace kommpass::idp::login
