#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/oauth/authorization_request.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

class client_keys;
class request_references;
struct request_object;

// Where the parameters of an authorization request stand: in the request itself, in an object that
// the client signed (RFC 9101), which it sends along or publishes, or with us, where the client has
// pushed them (RFC 9126). Whichever it is, they are judged by the same list. Everything given
// outlives this.
class request_intake {
public:
    request_intake(const std::string& issuer, const clock& time, store::store& memory,
                   const live<policies::snapshot>& registry, const live<jose::key_ring>& keys,
                   client_keys& of_clients, request_references& references)
        : issuer_(issuer),
          time_(time),
          memory_(memory),
          registry_(registry),
          keys_(keys),
          of_clients_(of_clients),
          references_(references) {}

    using parsed = boost::asio::awaitable<parsed_authorization_request>;

    // As a browser brings it. A pushed one must not have expired, nor have led to a code.
    [[nodiscard]] parsed from_browser(const http::form& parameters, std::string_view encoded);

    // As our own pages carried it (`authorization_request::parameters`): it has been judged before,
    // and is judged anew, since the registry may have changed.
    [[nodiscard]] parsed from_pages(std::string_view carried);

    // As a client pushes it, which has proven itself: judged, and what is to be kept of it. An
    // object's `jti` is not judged here. `dpop_key`: the thumbprint of the key that came with it,
    // to which the code will be bound (RFC 9449, 10.1); empty: none.
    struct pushed {
        std::string kept;  // of `carry`
        arrival how;
    };
    [[nodiscard]] boost::asio::awaitable<protocol_result<pushed>> from_client(
        policies::snapshot_ptr, const policies::client&, const http::form& parameters,
        std::string_view dpop_key);

private:
    enum class moment { beginning, under_way };
    [[nodiscard]] parsed look_up(const http::form& outside, moment);
    // An object in the request itself, and one that lies at an address of the client's.
    [[nodiscard]] parsed by_value(const http::form& outside, std::string_view object);
    [[nodiscard]] parsed by_reference(const http::form& outside, std::string uri);
    // Proven by the keys that the client registered or publishes.
    [[nodiscard]] boost::asio::awaitable<result<request_object, std::string>> read_object(
        const policies::client&, std::string_view object);
    [[nodiscard]] parsed_authorization_request judge(const http::form&, arrival, std::string text,
                                                     policies::snapshot_ptr);

    const std::string& issuer_;
    const clock& time_;
    store::store& memory_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
    client_keys& of_clients_;
    request_references& references_;
};

}  // namespace kommpass::idp::oauth
