#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace kommpass::directory {

// What OpenSSL made, released by its own function.
template <auto release>
struct freed_by {
    template <class T>
    void operator()(T* what) const noexcept {
        release(what);
    }
};
using owned_ssl = std::unique_ptr<SSL, freed_by<SSL_free>>;
using owned_bio = std::unique_ptr<BIO, freed_by<BIO_free>>;
using owned_x509 = std::unique_ptr<X509, freed_by<X509_free>>;
using owned_names = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;
using owned_store_context = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;

}  // namespace kommpass::directory
