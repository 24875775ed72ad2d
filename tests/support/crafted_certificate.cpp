#include "tests/support/crafted_certificate.hpp"

#include "directory/line/openssl_owned.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

namespace kommpass::tests {
namespace {

using directory::freed_by;
using directory::owned_bio;
using directory::owned_x509;
using owned_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

owned_key new_key(const std::string& kind) {
    if (kind.starts_with("RSA-"))
        return owned_key(EVP_RSA_gen(static_cast<unsigned>(std::stoi(kind.substr(4)))));
    return owned_key(EVP_EC_gen(kind.c_str()));
}

owned_key key_of(const crafted_certificate& one) {
    const owned_bio memory(BIO_new_mem_buf(one.key.data(), static_cast<int>(one.key.size())));
    return owned_key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

owned_x509 certificate_of(const crafted_certificate& one) {
    const owned_bio memory(
        BIO_new_mem_buf(one.certificate.data(), static_cast<int>(one.certificate.size())));
    return owned_x509(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

std::string text_of(BIO* memory) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    return {text, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, int what, const std::string& value) {
    auto* const one = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    if (one == nullptr) throw std::runtime_error("no such extension: " + value);
    X509_add_ext(certificate, one, -1);
    X509_EXTENSION_free(one);
}

}  // namespace

crafted_certificate craft(const certificate_wish& wish, const crafted_certificate* signer) {
    static std::atomic<long> serial{1};
    const auto key = new_key(wish.key);
    const owned_x509 made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    const auto seconds = [](std::chrono::hours h) { return static_cast<long>(h.count()) * 3600; };
    X509_gmtime_adj(X509_getm_notBefore(made.get()), seconds(wish.from));
    X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds(wish.until));
    X509_set_pubkey(made.get(), key.get());
    auto* const name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.subject.c_str()), -1, -1,
                               0);
    const auto authority = signer != nullptr ? certificate_of(*signer) : owned_x509();
    X509_set_issuer_name(made.get(), authority ? X509_get_subject_name(authority.get()) : name);
    extend(made.get(), NID_basic_constraints,
           wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wish.names.empty()) extend(made.get(), NID_subject_alt_name, wish.names);
    const auto signing = signer != nullptr ? key_of(*signer) : owned_key();
    if (X509_sign(made.get(), signing ? signing.get() : key.get(),
                  EVP_get_digestbyname(wish.digest.c_str())) == 0)
        throw std::runtime_error("the certificate could not be signed");
    const owned_bio pem(BIO_new(BIO_s_mem()));
    const owned_bio key_pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(pem.get(), made.get());
    PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {text_of(pem.get()), text_of(key_pem.get()), wish.subject};
}

std::filesystem::path write_down(const crafted_certificate& one,
                                 const std::filesystem::path& folder, const std::string& name) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (name + ".key")) << one.key;
    const auto path = folder / (name + ".pem");
    std::ofstream(path) << one.certificate;
    return path;
}

}  // namespace kommpass::tests
