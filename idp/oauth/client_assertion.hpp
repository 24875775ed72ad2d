#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace kommpass::policies {
struct client;
}

// A client proves itself by a JWT that it signed (RFC 7523, 2.2 and 3; OpenID Connect Core, 9).
// Pure.
namespace kommpass::idp::oauth {

// The one client_assertion_type.
inline constexpr std::string_view assertion_type =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// The `iss` of an assertion that is not verified yet: only to find the client whose keys verify it.
// Empty if it has none.
[[nodiscard]] std::string unproven_issuer(std::string_view assertion);

// The claims of an assertion that this client signed, or a description for `invalid_client`.
[[nodiscard]] result<boost::json::object, std::string> verify_client_assertion(
    const policies::client&, std::string_view assertion);

// The checks on the claims of a client assertion; the signature is proven. Gives the time until
// which its `jti` must be remembered, or what is wrong.
[[nodiscard]] result<instant, std::string> judge_client_assertion(const boost::json::object& claims,
                                                                  std::string_view client_id,
                                                                  const std::string& issuer,
                                                                  instant now);

}  // namespace kommpass::idp::oauth
