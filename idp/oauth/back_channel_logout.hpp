#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/outgoing/https_caller.hpp"
#include "idp/tasks/outbox_delivery.hpp"
#include "policies/snapshot.hpp"

#include <functional>
#include <string>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
class store;
}

// OpenID Connect Back-Channel Logout 1.0: every client that got tokens under a session hears of its
// end, however it ended. Two steps, both through the outbox: the end becomes one entry for each
// client that registered an address, and each of those is sent until it arrives. Its lanes are of
// one client: one that hangs or is down delays nobody but itself.
namespace kommpass::idp::oauth {

// The topic of the second step; a lane begins with the client's id.
inline constexpr auto back_channel_logout_topic = "logout.back_channel";

// What both work with; all of it outlives them, and is thread-safe.
struct back_channel_parts {
    const std::string& issuer;
    store::store& memory;
    const live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    randomness& random;
    const clock& time;
};

// How a form is posted: `https_caller::post` in the service.
using form_poster =
    std::function<boost::asio::awaitable<result<outgoing::called, outgoing::call_failure>>(
        outgoing::call)>;

// For `sessions::access_ended_topic`.
[[nodiscard]] tasks::receiver hand_on_ends(back_channel_parts);

// For `back_channel_logout_topic`. 2xx is an arrival, 400 the client's last word (2.8), everything
// else is tried again. A client that has no address any more has nothing to hear.
[[nodiscard]] tasks::receiver tell_client(back_channel_parts, form_poster);

}  // namespace kommpass::idp::oauth
