#pragma once

#include "config/vocabulary/signing_algorithm.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// `at_hash` (OpenID Connect Core, 3.1.3.6): the left half of the hash that belongs to the ID
// token's algorithm, SHA-256 for the 256 family and SHA-512 for Ed25519, in base64url.
[[nodiscard]] std::string token_hash(signing_algorithm of_id_token, std::string_view token);

}  // namespace kommpass::idp::jose
