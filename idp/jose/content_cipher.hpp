#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::jose {

inline constexpr std::size_t content_nonce_bytes = 12;  // RFC 7518, 5.3

struct sealed_content {
    std::string ciphertext;  // as long as the plain text
    std::string tag;         // 16 bytes
};

// AES-GCM as JWE has it (RFC 7518, 5.3). `key` has the kind's length, `nonce` its own and is never
// used twice with one key; `authenticated` is bound in.
[[nodiscard]] sealed_content encrypt_content(content_encryption, std::string_view key,
                                             std::string_view nonce, std::string_view authenticated,
                                             std::string_view plain);

}  // namespace kommpass::idp::jose
