#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/gateway/gateway_parts.hpp"
#include "idp/gateway/known_person.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string_view>

namespace kommpass::idp::http {
struct request;
}
namespace kommpass::idp::oauth {
struct live_token;
}
namespace kommpass::idp::store {
struct session;
}
namespace kommpass::policies {
struct gateway_rule;
}

namespace kommpass::idp::gateway {

struct asked_request;
struct host_session;

struct outcome {
    enum class verdict : std::uint8_t {
        let_through,
        sign_in,      // nobody, or not signed in as the application or the rule demands
        refused,      // known, and may not
        bad_token,    // an access token that is not good here
        unavailable,  // the store does not answer: nobody gets through
    };
    outcome::verdict what;
    header_list headers{};      // where it lets through: all that the entry names
    std::string_view reason{};  // why not, as a word
};

// Whether what a proxy asks for may be answered by its application. One I/O thread only.
class gatekeeper {
public:
    explicit gatekeeper(gateway_parts parts) : parts_(parts) {}

    [[nodiscard]] boost::asio::awaitable<outcome> judge(const http::request&, const asked_request&,
                                                        policies::snapshot_ptr);
    // A session that has ended is not known any more on this thread.
    void forget(std::string_view cookie) { known_.forget(cookie); }

private:
    enum class trouble : std::uint8_t { nobody, bad_token, unavailable };
    using found = result<known_person_ptr, trouble>;

    [[nodiscard]] boost::asio::awaitable<found> by_cookie(const http::request&,
                                                          const asked_request&,
                                                          policies::snapshot_ptr);
    [[nodiscard]] boost::asio::awaitable<found> by_token(const http::request&, const asked_request&,
                                                         policies::snapshot_ptr,
                                                         std::string_view token);
    [[nodiscard]] boost::asio::awaitable<found> look_up(const http::request&, const asked_request&,
                                                        policies::snapshot_ptr, host_session);
    struct proof;
    [[nodiscard]] known_person_ptr known(const http::request&, const asked_request&,
                                         policies::snapshot_ptr, const proof&) const;

    gateway_parts parts_;
    known_persons known_;
};

}  // namespace kommpass::idp::gateway
