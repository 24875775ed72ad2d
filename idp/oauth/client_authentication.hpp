#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace kommpass::idp::http {
struct request;
class form;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

class client_authorities;
class client_keys;

// A client that has proven who it is; or a public one, which cannot, and has PKCE instead. The
// pointers live as long as `registry`.
struct authenticated_client {
    policies::snapshot_ptr registry;
    const policies::client* client;
    const policies::application* application;

    [[nodiscard]] bool is_public() const noexcept {
        return client->authentication == policies::client_authentication::none;
    }
};

// Finds and proves the client of a request to the token, introspection or revocation endpoint:
// client_secret_basic, client_secret_post (RFC 6749, 2.3.1), private_key_jwt (RFC 7523, OpenID
// Connect Core, 9), tls_client_auth, self_signed_tls_client_auth (RFC 8705, 2) or none. Its parts
// outlive it.
class client_authenticator {
public:
    client_authenticator(const std::string& issuer, const clock& time, store::store& memory,
                         const live<policies::snapshot>& registry, client_keys& keys,
                         const client_authorities& authorities)
        : issuer_(issuer),
          time_(time),
          memory_(memory),
          registry_(registry),
          keys_(keys),
          authorities_(authorities) {}

    using proven = protocol_result<authenticated_client>;
    // A client uses the method that it is registered for; two methods at once are
    // `invalid_request`.
    [[nodiscard]] boost::asio::awaitable<proven> authenticate(const http::request&,
                                                              const http::form&);

private:
    using refused = boost::asio::awaitable<std::optional<protocol_error>>;
    // Nothing if what was shown proves the client.
    [[nodiscard]] refused prove_by_assertion(const policies::client&, const std::string& assertion);
    [[nodiscard]] refused prove_by_certificate(const policies::client&, const http::request&);

    const std::string& issuer_;
    const clock& time_;
    store::store& memory_;
    const live<policies::snapshot>& registry_;
    client_keys& keys_;
    const client_authorities& authorities_;
};

// Who the request says it comes from, unproven: for the log. Empty if it names nobody.
[[nodiscard]] std::string claimed_client_id(const http::request&, const http::form&);

}  // namespace kommpass::idp::oauth
