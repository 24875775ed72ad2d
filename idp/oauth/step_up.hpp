#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <optional>
#include <string_view>

namespace kommpass::policies {
struct application;
}
namespace kommpass::idp::store {
struct authorization;
}

// How strongly, and how lately, somebody must have signed in: what a request asks for, and what a
// resource of ours says of a token that does not have it (RFC 9470). Pure.
namespace kommpass::idp::oauth {

struct authorization_request;

enum class level_standing {
    reached,      // or none is asked for
    stronger,     // a sign-in can reach what is asked for, and this one has not
    unreachable,  // an essential level that none here reaches (OpenID Connect Core, 5.5.1.1)
};
// `acr`: of the sign-in; empty: none. What is only wished (`acr_values`) and not known here counts
// as reached.
[[nodiscard]] level_standing level_of(const authorization_request&, std::string_view acr);
// Whether an essential level was asked for, so that no weaker sign-in will do.
[[nodiscard]] bool asks_essential_level(const authorization_request&);

// What the application demands of every sign-in, and this token's has not: `require_acr`, and
// `longest_sign_in_age` at the time `now`.
[[nodiscard]] std::optional<insufficient_sign_in> insufficiency_of(const policies::application&,
                                                                   const store::authorization&,
                                                                   instant now);

}  // namespace kommpass::idp::oauth
