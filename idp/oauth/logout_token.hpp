#pragma once

#include "config/vocabulary/clock.hpp"

#include <string>
#include <string_view>

namespace kommpass {
class randomness;
}
namespace kommpass::policies {
struct client;
}  // namespace kommpass::policies
namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

// What tells an application that a session is over (OpenID Connect Back-Channel Logout 1.0, 2.4):
// `sub` and `sid` as in the ID token, signed as ID tokens of this client are, good for two minutes.
// Its `typ` is "logout+jwt", or what the client registered since it knows no other.
[[nodiscard]] std::string logout_token(const std::string& issuer, const policies::client&,
                                       std::string_view sub, std::string_view session,
                                       const jose::key_ring&, randomness&, instant now);

}  // namespace kommpass::idp::oauth
