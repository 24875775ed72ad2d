#pragma once

#include "config/vocabulary/live.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
}
namespace kommpass::policies {
class snapshot;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::sessions {
class current_identities;
}

namespace kommpass::idp::oauth {

class live_tokens;
class possession_checks;
struct live_token;

// GET and POST /userinfo (OpenID Connect Core, 5.3); a token that is bound to a key comes with the
// proof of it (RFC 9449, 7). What it is made from outlives it; one I/O
// thread only, that of `identities`.
class userinfo_endpoint {
public:
    userinfo_endpoint(const std::string& issuer, const clock& time,
                      const live<policies::snapshot>& registry, const live<jose::key_ring>& keys,
                      sessions::current_identities& identities, live_tokens& tokens,
                      const possession_checks& possession)
        : issuer_(issuer),
          time_(time),
          registry_(registry),
          keys_(keys),
          identities_(identities),
          tokens_(tokens),
          possession_(possession) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    [[nodiscard]] boost::asio::awaitable<http::response> tell_of(const live_token&);

    const std::string& issuer_;
    const clock& time_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
    sessions::current_identities& identities_;
    live_tokens& tokens_;
    const possession_checks& possession_;
};

}  // namespace kommpass::idp::oauth
