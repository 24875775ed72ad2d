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
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

class client_authenticator;

// POST /revoke (RFC 7009): a refresh token takes its family and all access tokens of it along; an
// access token goes alone. Another client's is refused with 400 and stays as it is (2.1); unknown
// tokens are answered with 200 as well.
// What it is made from outlives it; one I/O thread only, that of `recorder`.
class revocation_endpoint {
public:
    revocation_endpoint(const std::string& issuer, const clock& time, store::store& memory,
                        const live<jose::key_ring>& keys, audit::recorder& recorder,
                        client_authenticator& clients)
        : issuer_(issuer),
          time_(time),
          memory_(memory),
          keys_(keys),
          recorder_(recorder),
          clients_(clients) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    const std::string& issuer_;
    const clock& time_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
    audit::recorder& recorder_;
    client_authenticator& clients_;
};

}  // namespace kommpass::idp::oauth
