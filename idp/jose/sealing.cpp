#include "idp/jose/sealing.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <atomic>
#include <map>
#include <memory>
#include <span>

namespace kommpass::idp::jose {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using kdf = std::unique_ptr<EVP_KDF, openssl::freed_by<EVP_KDF_free>>;
using kdf_context = std::unique_ptr<EVP_KDF_CTX, openssl::freed_by<EVP_KDF_CTX_free>>;

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_CIPHER_CTX* thread_context() {
    thread_local const openssl::cipher_context context(EVP_CIPHER_CTX_new());
    return context.get();
}

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

int as_int(std::size_t size) { return static_cast<int>(size); }

void derive(std::string_view secret, std::string_view purpose, std::span<unsigned char> out) {
    const kdf hkdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const kdf_context context(EVP_KDF_CTX_new(hkdf.get()));
    std::string digest = "SHA256";
    std::string key(secret);
    std::string info(purpose);
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    openssl::require(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1);
    wipe(key);
}

}  // namespace

sealing::sealing(secret_string secret) : secret_(std::move(secret)), number_(next_number()) {}

sealing::derived_key sealing::key_for(std::string_view use, std::string_view purpose) const {
    constexpr std::size_t most_kept = 64;
    thread_local std::map<std::string, derived_key, std::less<>> kept;
    std::string name = std::to_string(number_) + ":";
    name.append(use).append(":").append(purpose);
    if (const auto found = kept.find(name); found != kept.end()) return found->second;
    derived_key made;
    derive(secret_.reveal(), std::string_view(name).substr(name.find(':') + 1), made);
    if (kept.size() >= most_kept) kept.clear();  // of rings that were replaced long ago
    kept.emplace(std::move(name), made);
    return made;
}

std::string sealing::seal(std::string_view purpose, std::string_view plain) const {
    std::string sealed(nonce_size + plain.size() + tag_size, '\0');
    openssl::require(RAND_bytes(bytes(sealed), nonce_size) == 1);
    auto* context = thread_context();
    int size = 0;
    auto* text = bytes(sealed) + nonce_size;
    openssl::require(
        EVP_EncryptInit_ex2(context, openssl::aes_256_gcm(), key_for("seal", purpose).data(),
                            bytes(sealed), nullptr) == 1 &&
        EVP_EncryptUpdate(context, nullptr, &size, bytes(purpose), as_int(purpose.size())) == 1 &&
        EVP_EncryptUpdate(context, text, &size, bytes(plain), as_int(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context, text + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_size, text + plain.size()) == 1);
    return base64url::encode(sealed);
}

std::optional<std::string> sealing::open(std::string_view purpose, std::string_view text,
                                         std::size_t bound) const {
    if (text.size() > bound) return std::nullopt;
    auto sealed = base64url::decode(text);
    if (!sealed || sealed->size() < nonce_size + tag_size) return std::nullopt;
    const auto length = sealed->size() - nonce_size - tag_size;
    std::string plain(length, '\0');
    auto* context = thread_context();
    auto* body = bytes(*sealed) + nonce_size;
    int size = 0;
    const bool right =
        EVP_DecryptInit_ex2(context, openssl::aes_256_gcm(), key_for("seal", purpose).data(),
                            bytes(*sealed), nullptr) == 1 &&
        EVP_DecryptUpdate(context, nullptr, &size, bytes(purpose), as_int(purpose.size())) == 1 &&
        EVP_DecryptUpdate(context, bytes(plain), &size, body, as_int(length)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_size, body + length) == 1 &&
        EVP_DecryptFinal_ex(context, bytes(plain) + size, &size) == 1;
    if (!right) {
        ERR_clear_error();
        return std::nullopt;
    }
    return plain;
}

std::string sealing::keyed_hash(std::string_view purpose, std::string_view message) const {
    const auto key = key_for("hash", purpose);
    std::string hash(32, '\0');
    unsigned size = 0;
    openssl::require(HMAC(openssl::sha256_digest(), key.data(), as_int(key.size()), bytes(message),
                          message.size(), bytes(hash), &size) != nullptr);
    return hash;
}

}  // namespace kommpass::idp::jose
