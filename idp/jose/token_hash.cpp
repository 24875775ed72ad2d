#include "idp/jose/token_hash.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/openssl.hpp"

namespace kommpass::idp::jose {

std::string token_hash(algorithm of_id_token, std::string_view token) {
    if (of_id_token != algorithm::eddsa && of_id_token != algorithm::ed25519)
        return base64url::encode(std::string_view(sha256(token)).substr(0, 16));
    std::string digest(64, '\0');
    openssl::require(EVP_Q_digest(nullptr, "SHA512", nullptr, token.data(), token.size(),
                                  reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    return base64url::encode(std::string_view(digest).substr(0, 32));
}

}  // namespace kommpass::idp::jose
