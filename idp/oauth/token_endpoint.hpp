#pragma once

#include "idp/oauth/grants.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

class possession_checks;
struct proven_possession;

// POST /token (RFC 6749, 3.2): proves the client, and the key that its tokens will be bound to
// (RFC 9449, 5), and hands over to the grant. What it is made from
// outlives it; one I/O thread only, that of `recorder`.
class token_endpoint {
public:
    token_endpoint(store::store& memory, const live<policies::snapshot>& registry,
                   audit::recorder& recorder, client_authenticator& clients,
                   const possession_checks& possession, const grants& offered)
        : memory_(memory),
          registry_(registry),
          recorder_(recorder),
          clients_(clients),
          possession_(possession),
          offered_(offered) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    // What an opaque access token says, before it is given out.
    [[nodiscard]] boost::asio::awaitable<bool> keep(const store::opaque_token&);
    // What the grant gives, once the client has proven the key that it must.
    [[nodiscard]] grant_result run_grant(const http::request&, const authenticated_client&,
                                         const http::form&, proven_possession& proven) const;
    [[nodiscard]] boost::asio::awaitable<void> record_refusal(const http::request&,
                                                              const client_id&,
                                                              const protocol_error&);

    store::store& memory_;
    const live<policies::snapshot>& registry_;
    audit::recorder& recorder_;
    client_authenticator& clients_;
    const possession_checks& possession_;
    const grants& offered_;
};

// The grant that a proven client asks for; else what is wrong with `grant_type`, which is answered
// before any other parameter is judged. Pure.
[[nodiscard]] protocol_result<const grant*> find_grant(const grants& offered,
                                                       const authenticated_client&,
                                                       const http::form&);

}  // namespace kommpass::idp::oauth
