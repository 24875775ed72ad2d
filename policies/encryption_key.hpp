#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"

#include <string_view>

namespace kommpass::policies {

// Whether a client's `jwks` (JSON text, RFC 7517) has a key that answers can be encrypted to: with
// a `kid`, `use` "enc", of the type and size that `alg` wants. Its form only; whether it is a point
// of its curve shows when it is used (idp/jose).
[[nodiscard]] bool has_encryption_key(std::string_view jwks, key_management alg);

}  // namespace kommpass::policies
