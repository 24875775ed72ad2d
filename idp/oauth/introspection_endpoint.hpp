#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>

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
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

class client_authenticator;
class live_tokens;
struct authenticated_client;
struct refresh_token;

// POST /introspect (RFC 7662): for confidential clients, about tokens meant for them: their own,
// and those whose audience they are. Anything else is `{"active": false}` and nothing more. The
// answer has `username`, unique over all members, where the scope has `profile`, and `email` where
// it has `email`, since mail servers look for them; neither for a client's own token. Asked for as
// a JWT it is signed (`signed_introspection`). What it is made from outlives it.
class introspection_endpoint {
public:
    introspection_endpoint(const std::string& issuer, const clock& time, store::store& memory,
                           const live<policies::snapshot>& registry,
                           const live<jose::key_ring>& keys, client_authenticator& clients,
                           live_tokens& tokens)
        : issuer_(issuer),
          time_(time),
          memory_(memory),
          registry_(registry),
          keys_(keys),
          clients_(clients),
          tokens_(tokens) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    using described = boost::asio::awaitable<protocol_result<boost::json::object>>;
    [[nodiscard]] described describe(const authenticated_client&, std::string_view token);
    [[nodiscard]] described describe(const authenticated_client&, const refresh_token&);

    const std::string& issuer_;
    const clock& time_;
    store::store& memory_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
    client_authenticator& clients_;
    live_tokens& tokens_;
};

}  // namespace kommpass::idp::oauth
