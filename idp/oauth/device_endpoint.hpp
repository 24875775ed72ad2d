#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::login {
class sign_in_pages;
}
namespace kommpass::idp::sessions {
class single_sign_on;
struct browser;
struct signed_in;
}  // namespace kommpass::idp::sessions
namespace kommpass::idp::store {
class store;
struct device_request;
}  // namespace kommpass::idp::store

namespace kommpass::idp::oauth {

// What the page works with. All of one I/O thread; outlives the endpoint.
struct device_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    const live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    sessions::single_sign_on& sso;
    audit::recorder& recorder;
    const login::sign_in_pages& pages;
};

// GET /device: a person types the code of a device (or follows a link with it) and is asked what
// they are about to sign in, and where it was asked from (RFC 8628, 3.3 and 5.4). POST: their
// answer. The sign-in before is the ordinary one, and the application's policy holds as at any
// other. Whoever has rights in Kommpass itself is refused: a code that somebody talks them into
// must not be worth that much.
class device_endpoint {
public:
    explicit device_endpoint(device_parts parts) : parts_(parts) {}
    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    using answered = boost::asio::awaitable<http::response>;
    [[nodiscard]] answered show(const http::request&, const sessions::signed_in&);
    [[nodiscard]] answered take_answer(const http::request&, const sessions::signed_in&);
    [[nodiscard]] answered decide(const http::request&, const sessions::signed_in&,
                                  const std::string& device_code_hash, bool allowed);
    [[nodiscard]] http::response question(const http::request&, const sessions::signed_in&,
                                          const store::device_request&,
                                          const std::string& user_code);

    device_parts parts_;
};

}  // namespace kommpass::idp::oauth
