#pragma once

#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
}
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

// What signing out works with. All of one I/O thread; outlives the endpoints.
struct sign_out_parts {
    const config::settings& settings;
    const clock& time;
    store::store& memory;
    const live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    sessions::single_sign_on& sso;
    audit::recorder& recorder;
    observe::log& log;
};

// GET and POST /end-session (OpenID Connect RP-Initiated Logout 1.0). A valid id_token_hint of the
// session in this browser (of its person, where ID tokens of the client have no `sid`) signs out at
// once; anything else asks the person first. Applications that are told by the browser stand on a
// page before the redirect (`front_channel_logout`). A redirect
// follows only to a registered URI of the client that the hint or `client_id` names; another URI is
// said on the page.
class end_session_endpoint {
public:
    explicit end_session_endpoint(sign_out_parts parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    sign_out_parts parts_;
};

// POST /sign-out: the answer of a person who was asked. GET: the page that follows it. A form of
// another browser, or of a session that is over, leads to the question anew.
class sign_out_endpoint {
public:
    explicit sign_out_endpoint(sign_out_parts parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    [[nodiscard]] boost::asio::awaitable<http::response> take_answer(const http::request&);
    [[nodiscard]] boost::asio::awaitable<http::response> show(const http::request&);

    sign_out_parts parts_;
};

}  // namespace kommpass::idp::oauth
