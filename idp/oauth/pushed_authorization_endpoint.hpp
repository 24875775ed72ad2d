#pragma once

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

struct authenticated_client;
class client_authenticator;
class possession_checks;
class request_intake;

// POST /par (RFC 9126): a client that has proven itself sends its authorization request ahead, and
// gets a `request_uri` for the browser. The request is judged at once, by the list of the
// authorization endpoint. One I/O thread only, that of `recorder`; everything given outlives this.
class pushed_authorization_endpoint {
public:
    pushed_authorization_endpoint(const clock& time, randomness& random, store::store& memory,
                                  audit::recorder& recorder, client_authenticator& clients,
                                  const possession_checks& possession, request_intake& intake)
        : time_(time),
          random_(random),
          memory_(memory),
          recorder_(recorder),
          clients_(clients),
          possession_(possession),
          intake_(intake) {}

    [[nodiscard]] boost::asio::awaitable<http::response> operator()(const http::request&);

private:
    using answered = boost::asio::awaitable<http::response>;
    [[nodiscard]] answered refuse(const http::request&, const authenticated_client&,
                                  protocol_error);

    const clock& time_;
    randomness& random_;
    store::store& memory_;
    audit::recorder& recorder_;
    client_authenticator& clients_;
    const possession_checks& possession_;
    request_intake& intake_;
};

}  // namespace kommpass::idp::oauth
