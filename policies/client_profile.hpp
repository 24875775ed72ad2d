#pragma once

#include "config/vocabulary/signing_algorithm.hpp"
#include "policies/registry.hpp"

#include <span>
#include <string>
#include <vector>

// What a client's profile demands of it (FAPI 2.0 Security Profile, 5.3; FAPI 2.0 Message Signing,
// 5). Some demands follow by themselves, whatever else the client registered; the others are for
// its registration to keep. Pure.
namespace kommpass::policies {

[[nodiscard]] constexpr bool is_fapi(const client& one) noexcept {
    return one.profile != client_profile::oidc;
}

// --- what follows by itself
[[nodiscard]] constexpr bool demands_pkce(const client& one) noexcept {
    return one.require_pkce || is_fapi(one);
}
// Its authorization requests come over the back channel (FAPI 2.0, 5.3.2.2).
[[nodiscard]] constexpr bool demands_pushed_requests(const client& one) noexcept {
    return one.require_pushed_authorization_requests || is_fapi(one);
}
// They stand in an object that the client signed, with times (Message Signing, 5.3.1); and the
// answer to them is signed (5.4.1). A client of `fapi2` can be held to the first alone.
[[nodiscard]] constexpr bool demands_signed_requests(const client& one) noexcept {
    return one.require_signed_request_object ||
           one.profile == client_profile::fapi2_message_signing;
}
[[nodiscard]] constexpr bool demands_signed_responses(const client& one) noexcept {
    return one.profile == client_profile::fapi2_message_signing;
}
// A refresh token stays the same: FAPI 2.0, 5.3.2.1 forbids rotation but for reasons of its own.
[[nodiscard]] constexpr bool keeps_refresh_tokens(const client& one) noexcept {
    return is_fapi(one);
}
// The audience of a client assertion is the issuer as one string, and nothing else (5.3.2.1).
[[nodiscard]] constexpr bool demands_issuer_as_audience(const client& one) noexcept {
    return is_fapi(one);
}
// What the client may sign with: all, or those that FAPI 2.0 (5.4.1) knows.
[[nodiscard]] std::span<const signing_algorithm> algorithms_for(const client&) noexcept;

// --- what the registration must keep
struct broken_demand {
    std::string demand;  // the key of the registration: "authentication"
    std::string text;    // what is wrong, and what to change
};
// Empty: the client keeps all that its profile demands.
[[nodiscard]] std::vector<broken_demand> broken_demands(const client&);

}  // namespace kommpass::policies
