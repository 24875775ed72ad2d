#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/oauth/scope.hpp"

namespace kommpass::idp::store {
struct consent;
class transaction;
}  // namespace kommpass::idp::store

// What a person agrees to before a client learns of them (OIDC Core 3.1.2.4, 5.5).
namespace kommpass::idp::oauth {

struct authorization_request;

// What the client learns beside what the scopes say: claims by name, and roles, which go out with
// every access token.
[[nodiscard]] scope_list claims_to_consent(const authorization_request&);

// Whether this was agreed to: each scope and each claim.
[[nodiscard]] bool covers(const store::consent&, const authorization_request&);

// Inside a unit of work. What was agreed to before stays agreed to.
void remember_consent(store::transaction&, const person_id&, const authorization_request&,
                      instant now);

}  // namespace kommpass::idp::oauth
