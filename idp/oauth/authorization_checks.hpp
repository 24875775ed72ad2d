#pragma once

#include "idp/oauth/authorization_request.hpp"

#include <optional>
#include <span>

namespace kommpass::idp::http {
class form;
}
namespace kommpass::idp::jose {
class key_ring;
}

// What is asked of an authorization request whose client and redirect URI are proven. Each check
// judges one parameter, fills in what it is for, and either lets the request pass or says what goes
// back to the client. Pure.
namespace kommpass::idp::oauth {

using checked = std::optional<refused_to_client>;
using authorization_check = checked (*)(const http::form& parameters, authorization_request&);

// All of them, in the order in which they must run.
[[nodiscard]] std::span<const authorization_check> authorization_checks() noexcept;

// First of all, since every refusal carries state and response mode back.
[[nodiscard]] checked check_state(const http::form&, authorization_request&);
[[nodiscard]] checked check_response_mode(const http::form&, authorization_request&);
[[nodiscard]] checked check_nothing_repeated(const http::form&, authorization_request&);
[[nodiscard]] checked check_response_type(const http::form&, authorization_request&);
// What is read before the list (`request_intake`) cannot stand here; self-issued registration
// (OpenID Connect Core, 3.1.2.6) is not offered.
[[nodiscard]] checked check_not_offered(const http::form&, authorization_request&);
// A client that has to push its requests, or to sign them, does (RFC 9126, 5; RFC 9101, 10.5).
[[nodiscard]] checked check_arrival(const http::form&, authorization_request&);
[[nodiscard]] checked check_grant_allowed(const http::form&, authorization_request&);
// RFC 6749, 3.3: what the client is not registered for falls away.
[[nodiscard]] checked check_scope(const http::form&, authorization_request&);
// RFC 8707, 2.1: each value of `resource` is one that the client registered, else `invalid_target`.
[[nodiscard]] checked check_resource(const http::form&, authorization_request&);
// PKCE (RFC 7636, 4.3) with S256.
[[nodiscard]] checked check_code_challenge(const http::form&, authorization_request&);
// The key that the code will be for (RFC 9449, 10).
[[nodiscard]] checked check_dpop_key(const http::form&, authorization_request&);
[[nodiscard]] checked check_nonce(const http::form&, authorization_request&);
[[nodiscard]] checked check_prompt(const http::form&, authorization_request&);
// RFC 9470, 5; OpenID Connect Core, 3.1.2.1: wished, whether or not we know them.
[[nodiscard]] checked check_acr_values(const http::form&, authorization_request&);
[[nodiscard]] checked check_max_age(const http::form&, authorization_request&);
[[nodiscard]] checked check_claims(const http::form&, authorization_request&);
// RFC 9396, 5
[[nodiscard]] checked check_authorization_details(const http::form&, authorization_request&);
// `login_hint` and `ui_locales`: taken as they are, never refused.
[[nodiscard]] checked check_hints(const http::form&, authorization_request&);

// Not in the list, since it needs the keys; runs after it.
[[nodiscard]] checked check_id_token_hint(const http::form&, authorization_request&,
                                          const jose::key_ring&, const std::string& issuer);

}  // namespace kommpass::idp::oauth
