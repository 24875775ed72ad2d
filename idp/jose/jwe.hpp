#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"
#include "idp/jose/encryption_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

[[nodiscard]] std::string_view name_of(key_management) noexcept;      // "ECDH-ES"
[[nodiscard]] std::string_view name_of(content_encryption) noexcept;  // "A256GCM"

// What is inside: a JWT that we signed (`cty` "JWT"; RFC 7519, 5.2), or bare claims.
enum class jwe_content { signed_jwt, claims };

// Compact JWE (RFC 7516, 7.1) that only the key's owner can read. The header names the key by
// `kid`. Thread-safe. Nothing where OpenSSL refuses the key.
[[nodiscard]] std::optional<std::string> encrypt(const encryption_key& to, content_encryption,
                                                 jwe_content, std::string_view plain);

}  // namespace kommpass::idp::jose
