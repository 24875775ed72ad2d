#include "idp/jose/content_cipher.hpp"

#include "idp/jose/openssl.hpp"

namespace kommpass::idp::jose {
namespace {

constexpr int tag_bytes = 16;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int as_int(std::size_t size) { return static_cast<int>(size); }

const EVP_CIPHER* cipher_of(content_encryption kind) {
    static const std::unique_ptr<EVP_CIPHER, openssl::freed_by<EVP_CIPHER_free>> aes_128_gcm(
        EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr));
    return kind == content_encryption::a128gcm ? aes_128_gcm.get() : openssl::aes_256_gcm();
}

}  // namespace

sealed_content encrypt_content(content_encryption kind, std::string_view key,
                               std::string_view nonce, std::string_view authenticated,
                               std::string_view plain) {
    openssl::require(key.size() == key_bytes(kind) && nonce.size() == content_nonce_bytes);
    const openssl::cipher_context context(EVP_CIPHER_CTX_new());
    sealed_content sealed{std::string(plain.size(), '\0'), std::string(tag_bytes, '\0')};
    auto* out = bytes(sealed.ciphertext);
    int size = 0;
    openssl::require(
        EVP_EncryptInit_ex2(context.get(), cipher_of(kind), bytes(key), bytes(nonce), nullptr) ==
            1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(authenticated),
                          as_int(authenticated.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), out, &size, bytes(plain), as_int(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), out + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, bytes(sealed.tag)) ==
            1);
    return sealed;
}

}  // namespace kommpass::idp::jose
