#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/web/pages.hpp"
#include "policies/snapshot.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// OpenID Connect Front-Channel Logout 1.0: the page after a sign-out opens an address of each
// application of the session in a frame, so that the browser tells it. Whether it listened is not
// to be known from here, and browsers that keep third parties' cookies apart make it deaf: whoever
// can be called registers a back-channel address.
namespace kommpass::idp::oauth {

// Which applications a page has to tell. Made when the session ends, since they go with it.
struct front_channel_round {
    std::string session;             // its `sid`
    std::vector<client_id> clients;  // with a frontchannel_logout_uri; none: nobody to tell

    [[nodiscard]] bool empty() const noexcept { return clients.empty(); }
    // The ids as one text, for a page that follows, and from it.
    [[nodiscard]] std::string clients_text() const;
    [[nodiscard]] static front_channel_round read(std::string session, std::string_view clients);
};

// How long the page waits for them before it goes on (OpenID Connect Front-Channel Logout 1.0, 4
// names no time): a browser that has not opened them by then will not.
inline constexpr std::chrono::seconds front_channel_wait{3};

// Those of `clients`, who got tokens under `session`, that are told this way.
[[nodiscard]] front_channel_round front_channel_round_of(std::string session,
                                                         const std::vector<client_id>& clients,
                                                         const policies::snapshot&);

// The page that tells them, and goes on to `continue_uri` (empty: nowhere) by itself, without a
// script. `refused`: what is said of an address. Its policy allows frames of exactly these
// origins.
[[nodiscard]] http::response front_channel_page(const front_channel_round&,
                                                const policies::snapshot&,
                                                const std::string& issuer, const web::frame&,
                                                const std::string& continue_uri,
                                                const web::refused_return& refused);

}  // namespace kommpass::idp::oauth
