#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kommpass {
class clock;
}
namespace kommpass::config {
struct settings;
}
namespace kommpass::policies {
struct client;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

struct presented_token;
struct access_token_claims;
enum class nonce_realm;

// What a request proved.
struct proven_possession {
    key_confirmation key;    // none: it proves no key
    std::string next_nonce;  // the one that the client used is soon over (`DPoP-Nonce`); empty: not
};
// On a successful answer (RFC 9449, 8.2).
void offer_nonce(http::response&, const proven_possession&);

// Whether whoever asks has the key that tokens are, or are to be, bound to: by a DPoP proof
// (RFC 9449), or by the certificate of the connection (RFC 8705, 3). One for each
// I/O thread; what it is made from outlives it.
class possession_checks {
public:
    // `settings`: the public addresses, and whether every proof needs a nonce of ours; else only
    // those whose time is off do.
    possession_checks(const config::settings& settings, const clock& time, store::store& memory,
                      const live<jose::key_ring>& keys);

    using proven = boost::asio::awaitable<protocol_result<proven_possession>>;

    // Of a proven client, where tokens or codes are asked for: the token endpoint and pushed
    // authorization requests. A client that is registered for bound tokens must prove a key.
    [[nodiscard]] proven of_client(const http::request&, const policies::client&) const;
    // The same, but who sends no proof is left to later.
    [[nodiscard]] proven if_shown(const http::request&) const;
    // At a resource (RFC 9449, 7): the token's own key, by the token's own scheme.
    [[nodiscard]] proven of_token(const http::request&, const presented_token&,
                                  const access_token_claims&) const;

private:
    struct fault;
    struct sought {
        nonce_realm realm;
        std::string_view access_token;  // empty: none is sent along
        std::string_view thumbprint;    // the only key that will do; empty: any
    };
    template <class T>
    using checked = boost::asio::awaitable<result<T, fault>>;

    [[nodiscard]] checked<proven_possession> check(const http::request&, sought) const;
    [[nodiscard]] std::string public_address(const http::request&, std::string_view named) const;
    [[nodiscard]] protocol_error told(const fault&, nonce_realm) const;

    const clock& time_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
    bool require_nonce_;
    // What the addresses of proofs begin with, normalized, without a slash at the end: the issuer,
    // and where clients with certificates come.
    std::vector<std::string> public_bases_;
};

}  // namespace kommpass::idp::oauth
