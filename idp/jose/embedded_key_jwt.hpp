#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/jose/foreign_jwt.hpp"

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// A JWT signed by the key that its own header carries as `jwk` (RFC 7515, 4.1.3). It proves that
// the sender has the private part of that key, and nothing else: whose key it is, the caller
// decides by the thumbprint.
struct embedded_key_jwt {
    boost::json::object claims;
    std::string thumbprint;  // RFC 7638, SHA-256, base64url
};

// Refuses another `typ` (compared as RFC 7515, 4.1.9 says: without case), an algorithm that is not
// allowed, a missing `jwk`, one with a private part, RSA under 2048 bit or over 4096 (whoever sends
// it chooses what verifying costs us), and the header members `crit`, `b64`, `jku`, `x5u`. Other
// members of the header are ignored (RFC 9449, 4.2). Claims are the caller's business.
[[nodiscard]] result<embedded_key_jwt, jwt_error> read_embedded_key_jwt(
    std::string_view jws, std::string_view typ, std::span<const algorithm> allowed);

}  // namespace kommpass::idp::jose
