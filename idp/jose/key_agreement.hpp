#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"
#include "idp/jose/openssl.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// Who takes part in a key agreement, as the header's `apu` and `apv` name them, decoded (RFC 7518,
// 4.6.1). Ours name nobody.
struct agreement_parties {
    std::string_view from;
    std::string_view to;
};

// ECDH-ES with Concat KDF in Direct Key Agreement mode (RFC 7518, 4.6.2): the content key that both
// sides come to, of the encryption's length. Both keys are of P-256. Wipe it after use.
[[nodiscard]] std::string agreed_key(EVP_PKEY* own_private, EVP_PKEY* their_public,
                                     content_encryption, const agreement_parties&);

}  // namespace kommpass::idp::jose
