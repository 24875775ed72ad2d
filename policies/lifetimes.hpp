#pragma once

#include "policies/registry.hpp"

#include <chrono>

// How long a client's tokens live: what it registered, else what its application says.
namespace kommpass::policies {

[[nodiscard]] inline std::chrono::seconds access_token_lifetime(const application& of,
                                                                const client& to) {
    return to.access_token_lifetime.value_or(of.access_token_lifetime);
}

// Of the whole family, from the sign-in.
[[nodiscard]] inline std::chrono::seconds refresh_token_lifetime(const application& of,
                                                                 const client& to) {
    return to.refresh_token_lifetime.value_or(of.refresh_token_lifetime);
}

// Whether ID tokens of this client name the session: those that are told of its end have use for it
// (OpenID Connect Front-Channel Logout 1.0, 3; Back-Channel Logout 1.0, 2.1), and for others it is
// one claim more that they did not ask for.
[[nodiscard]] inline bool hears_of_sign_outs(const client& one) {
    return !one.backchannel_logout_uri.empty() || !one.frontchannel_logout_uri.empty();
}

}  // namespace kommpass::policies
