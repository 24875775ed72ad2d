#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

// Owners for OpenSSL's objects, and algorithms that are looked up once.
namespace kommpass::idp::jose::openssl {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

using key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, freed_by<EVP_CIPHER_CTX_free>>;
using number = std::unique_ptr<BIGNUM, freed_by<BN_clear_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;

// SHA-256 from the provider, fetched once: an implicit fetch for each use costs more than the hash
// of a token.
[[nodiscard]] const EVP_MD* sha256_digest();
[[nodiscard]] const EVP_CIPHER* aes_256_gcm();

// What cannot fail with right arguments and memory at hand; terminates with OpenSSL's reason
// otherwise.
void require(bool succeeded);

}  // namespace kommpass::idp::jose::openssl
