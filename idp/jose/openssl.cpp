#include "idp/jose/openssl.hpp"

#include <openssl/err.h>

#include <cstdio>
#include <exception>

namespace kommpass::idp::jose::openssl {

const EVP_MD* sha256_digest() {
    static const std::unique_ptr<EVP_MD, freed_by<EVP_MD_free>> fetched(
        EVP_MD_fetch(nullptr, "SHA256", nullptr));
    return fetched.get();
}

const EVP_CIPHER* aes_256_gcm() {
    static const std::unique_ptr<EVP_CIPHER, freed_by<EVP_CIPHER_free>> fetched(
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    return fetched.get();
}

void require(bool succeeded) {
    if (succeeded) return;
    ERR_print_errors_fp(stderr);
    std::terminate();
}

}  // namespace kommpass::idp::jose::openssl
