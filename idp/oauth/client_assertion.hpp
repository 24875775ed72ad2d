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

// The checks on the claims of a client assertion; the signature is proven. Gives the time until
// which its `jti` must be remembered, or what is wrong. The audience: the issuer; of clients whose
// profile does not forbid it also within a list, or the token endpoint (OpenID Connect Core, 9).
[[nodiscard]] result<instant, std::string> judge_client_assertion(const boost::json::object& claims,
                                                                  const policies::client&,
                                                                  const std::string& issuer,
                                                                  instant now);

}  // namespace kommpass::idp::oauth
