#include "idp/jose/jwe.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/content_cipher.hpp"
#include "idp/jose/jwk.hpp"
#include "idp/jose/key_agreement.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::jose {
namespace {

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string random_bytes(std::size_t size) {
    std::string made(size, '\0');
    openssl::require(RAND_bytes(bytes(made), static_cast<int>(size)) == 1);
    return made;
}

// How the reader comes to the content key.
struct conveyed_key {
    std::string content_key;
    std::string encrypted;   // the JWE's second part; empty: agreed, not sent
    boost::json::value epk;  // null: none
};

conveyed_key agree(const encryption_key& to, content_encryption kind) {
    const openssl::key ephemeral(EVP_EC_gen("P-256"));
    openssl::require(ephemeral != nullptr);
    return {agreed_key(ephemeral.get(), to.key.get(), kind, {}),
            {},
            jwk_of(ephemeral.get(), algorithm::es256)};
}

// RFC 7518, 4.3: OAEP with SHA-256, for the mask as well.
std::optional<std::string> wrapped(EVP_PKEY* key, const std::string& content_key) {
    const openssl::key_context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = out.size();
    const bool done = context != nullptr && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
                      EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), openssl::sha256_digest()) == 1 &&
                      EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), openssl::sha256_digest()) == 1 &&
                      EVP_PKEY_encrypt(context.get(), bytes(out), &size, bytes(content_key),
                                       content_key.size()) == 1;
    if (!done) {
        ERR_clear_error();
        return std::nullopt;
    }
    out.resize(size);
    return out;
}

std::optional<conveyed_key> convey(const encryption_key& to, content_encryption kind) {
    if (to.alg == key_management::ecdh_es) return agree(to, kind);
    auto content_key = random_bytes(key_bytes(kind));
    auto encrypted = wrapped(to.key.get(), content_key);
    if (!encrypted) return std::nullopt;
    return conveyed_key{std::move(content_key), std::move(*encrypted), nullptr};
}

}  // namespace

std::string_view name_of(key_management wanted) noexcept {
    for (const auto& [name, one] : key_managements) {
        if (one == wanted) return name;
    }
    return "unknown";
}

std::string_view name_of(content_encryption wanted) noexcept {
    for (const auto& [name, one] : content_encryptions) {
        if (one == wanted) return name;
    }
    return "unknown";
}

std::optional<std::string> encrypt(const encryption_key& to, content_encryption kind,
                                   jwe_content what, std::string_view plain) {
    auto conveyed = convey(to, kind);
    if (!conveyed) return std::nullopt;
    boost::json::object header{{"alg", name_of(to.alg)}, {"enc", name_of(kind)}, {"kid", to.kid}};
    if (what == jwe_content::signed_jwt) header["cty"] = "JWT";
    if (!conveyed->epk.is_null()) header["epk"] = std::move(conveyed->epk);
    // The header as it is sent is what is authenticated (RFC 7516, 5.1-14).
    const auto protected_header = base64url::encode(boost::json::serialize(header));
    const auto nonce = random_bytes(content_nonce_bytes);
    const auto sealed =
        encrypt_content(kind, conveyed->content_key, nonce, protected_header, plain);
    wipe(conveyed->content_key);
    return protected_header + "." + base64url::encode(conveyed->encrypted) + "." +
           base64url::encode(nonce) + "." + base64url::encode(sealed.ciphertext) + "." +
           base64url::encode(sealed.tag);
}

}  // namespace kommpass::idp::jose
