#pragma once

#include "idp/jose/algorithm.hpp"
#include "idp/jose/openssl.hpp"

#include <boost/json/object.hpp>

namespace kommpass::idp::jose {

// The required members of a public JWK (RFC 7518, 6; RFC 8037, 2) in the order of a thumbprint.
[[nodiscard]] boost::json::object jwk_of(const EVP_PKEY*, algorithm);
// Null for members that are missing, of the wrong form, or no point of the curve. Private parts are
// not read.
[[nodiscard]] openssl::key public_key_from_jwk(algorithm, const boost::json::object&);

}  // namespace kommpass::idp::jose
