#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/strict_object.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

enum class jwt_error {
    malformed,  // not three parts of strict base64url, bad JSON, a doubled member, over 16 KiB
    algorithm_refused,  // none, HMAC, not among the allowed ones, or not the key's
    header_refused,     // crit, b64=false, jku, x5u, jwk, x5c
    unknown_key,        // no key of the set fits kid and algorithm
    bad_signature,
};

// A client's public keys (RFC 7517), parsed once. Refuses private parts are ignored, RSA under
// 2048, curves other than P-256 and Ed25519.
class public_key_set {
public:
    virtual ~public_key_set() = default;
    // Signature and header only; claims are the caller's business. The algorithm comes from the
    // registration.
    [[nodiscard]] virtual result<boost::json::object, jwt_error> verify(
        std::string_view jws, std::span<const algorithm> allowed) const = 0;
};

// An error is a sentence for the registry's author.
[[nodiscard]] result<std::shared_ptr<const public_key_set>, std::string> parse_jwks(
    std::string_view json);

}  // namespace kommpass::idp::jose
