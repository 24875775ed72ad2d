#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/signing_algorithm.hpp"
#include "idp/http/form.hpp"

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

namespace kommpass::policies {
struct client;
}

// An authorization request as a JWT that the client signed (RFC 9101; OpenID Connect Core, 6).
// Pure.
namespace kommpass::idp::oauth {

struct request_object {
    http::form parameters;   // those of the object and no others
    std::string encoded;     // the same, application/x-www-form-urlencoded
    std::string id;          // `jti`; empty: it has none
    instant forget_after{};  // until when the `jti` must be remembered
};

// A description for `invalid_request_object`.
using request_object_fault = std::string;

// What the client may sign with: its registered algorithm, else those of its profile. Refers to the
// client.
[[nodiscard]] std::span<const signing_algorithm> request_object_algorithms(const policies::client&);

// What an object says; that one of the client's keys signed `jws`, in one of those algorithms, is
// proven, and these are its claims. `typ`; `iss` the client, `aud` this issuer, alone or among
// others; `client_id`, where it stands, the client's; no `sub`; no object within the object. `exp`
// and `nbf`: where they stand, and always for a client that must sign its requests (FAPI 2.0
// Message Signing, 5.3.1): at most an hour apart, and not older.
[[nodiscard]] result<request_object, request_object_fault> read_request_object(
    const policies::client&, const boost::json::object& claims, std::string_view jws,
    const std::string& issuer, instant now);

}  // namespace kommpass::idp::oauth
