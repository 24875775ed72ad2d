#include "idp/jose/signing_key.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/jwk.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <boost/json/serialize.hpp>

#include <array>
#include <atomic>

namespace kommpass::idp::jose {
namespace {

constexpr int own_rsa_bits = 3072;
constexpr std::size_t p256_half = 32;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

enum class use { sign, verify };

void set_up(EVP_PKEY_CTX* context, algorithm kind, use what) {
    openssl::require(
        (what == use::sign ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)) == 1);
    openssl::require(EVP_PKEY_CTX_set_signature_md(context, openssl::sha256_digest()) == 1);
    if (kind == algorithm::rs256)
        openssl::require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    if (kind == algorithm::ps256) {
        openssl::require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
}

// A context that is ready to sign or verify, kept by each thread for the keys it used last: making
// one costs about as much as an ES256 signature.
EVP_PKEY_CTX* ready_context(EVP_PKEY* key, std::uint64_t number, algorithm kind, use what) {
    struct slot {
        std::uint64_t number = 0;
        openssl::key_context context;
    };
    thread_local std::array<slot, 32> slots;
    auto& found = slots[(number * 2 + (what == use::sign ? 0 : 1)) % slots.size()];
    if (found.number != number) {
        found.context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
        openssl::require(found.context != nullptr);
        set_up(found.context.get(), kind, what);
        found.number = number;
    }
    return found.context.get();
}

std::string raw_from_der(std::string_view der) {
    const auto* at = bytes(der);
    const openssl::ecdsa_signature parsed(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    openssl::require(parsed != nullptr);
    std::string raw(2 * p256_half, '\0');
    openssl::require(
        BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), bytes(raw), p256_half) == p256_half &&
        BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), bytes(raw) + p256_half, p256_half) ==
            p256_half);
    return raw;
}

std::string der_from_raw(std::string_view raw) {
    const openssl::ecdsa_signature made(ECDSA_SIG_new());
    auto* r = BN_bin2bn(bytes(raw), p256_half, nullptr);
    auto* s = BN_bin2bn(bytes(raw) + p256_half, p256_half, nullptr);
    openssl::require(made != nullptr && ECDSA_SIG_set0(made.get(), r, s) == 1);
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(made.get(), &der);
    openssl::require(size > 0);
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

std::string sign_eddsa(EVP_PKEY* key, std::string_view message) {
    thread_local const openssl::digest_context context(EVP_MD_CTX_new());
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    openssl::require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
                     EVP_DigestSign(context.get(), bytes(signature), &size, bytes(message),
                                    message.size()) == 1);
    EVP_MD_CTX_reset(context.get());
    return signature;
}

bool verify_eddsa(EVP_PKEY* key, std::string_view message, std::string_view signature) {
    thread_local const openssl::digest_context context(EVP_MD_CTX_new());
    openssl::require(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1);
    const bool right = EVP_DigestVerify(context.get(), bytes(signature), signature.size(),
                                        bytes(message), message.size()) == 1;
    EVP_MD_CTX_reset(context.get());
    if (!right) ERR_clear_error();
    return right;
}

bool fits(EVP_PKEY* key, algorithm kind, int least_rsa_bits) {
    switch (kind) {
        case algorithm::es256: {
            std::array<char, 32> group{};
            std::size_t size = 0;
            return EVP_PKEY_is_a(key, "EC") == 1 &&
                   EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
                   std::string_view(group.data(), size) == "prime256v1";
        }
        case algorithm::rs256:
        case algorithm::ps256:
            return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= least_rsa_bits;
        case algorithm::eddsa:
        case algorithm::ed25519:
            return EVP_PKEY_is_a(key, "ED25519") == 1;
    }
    return false;
}

bool is_ed25519(algorithm kind) { return kind == algorithm::eddsa || kind == algorithm::ed25519; }

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

signing_key::signing_key(jose::algorithm kind, openssl::key key)
    : algorithm_(kind), key_(std::move(key)), number_(next_number()) {}

signing_key signing_key::generate(jose::algorithm kind) {
    EVP_PKEY* made = nullptr;
    switch (kind) {
        case jose::algorithm::es256:
            made = EVP_EC_gen("P-256");
            break;
        case jose::algorithm::rs256:
        case jose::algorithm::ps256:
            made = EVP_RSA_gen(own_rsa_bits);
            break;
        case jose::algorithm::eddsa:
        case jose::algorithm::ed25519:
            made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
            break;
    }
    openssl::require(made != nullptr);
    return signing_key(kind, openssl::key(made));
}

namespace {

// 0 ends the making of a key.
int goes_on(EVP_PKEY_CTX* making) {
    const auto* given_up = static_cast<const std::atomic<bool>*>(EVP_PKEY_CTX_get_app_data(making));
    return given_up->load(std::memory_order_relaxed) ? 0 : 1;
}

}  // namespace

std::optional<signing_key> signing_key::generate(jose::algorithm kind,
                                                 const std::atomic<bool>& given_up) {
    if (given_up) return std::nullopt;
    if (kind != jose::algorithm::rs256 && kind != jose::algorithm::ps256) return generate(kind);
    const openssl::key_context making(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    openssl::require(making && EVP_PKEY_keygen_init(making.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_keygen_bits(making.get(), own_rsa_bits) == 1);
    EVP_PKEY_CTX_set_app_data(making.get(), const_cast<std::atomic<bool>*>(&given_up));
    EVP_PKEY_CTX_set_cb(making.get(), goes_on);
    EVP_PKEY* made = nullptr;
    const bool done = EVP_PKEY_generate(making.get(), &made) == 1;
    if (!done && given_up) {
        ERR_clear_error();
        return std::nullopt;
    }
    openssl::require(done);
    return signing_key(kind, openssl::key(made));
}

std::optional<signing_key> signing_key::from_private_der(jose::algorithm kind,
                                                         std::string_view der) {
    const auto* at = bytes(der);
    openssl::key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
    if (!key || !fits(key.get(), kind, own_rsa_bits)) return std::nullopt;
    const openssl::key_context check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (kind == jose::algorithm::es256 && EVP_PKEY_pairwise_check(check.get()) != 1)
        return std::nullopt;
    return signing_key(kind, std::move(key));
}

std::optional<signing_key> signing_key::from_public_jwk(jose::algorithm kind,
                                                        const boost::json::object& jwk) {
    auto key = public_key_from_jwk(kind, jwk);
    constexpr int least_foreign_rsa_bits = 2048;
    if (!key || !fits(key.get(), kind, least_foreign_rsa_bits)) return std::nullopt;
    return signing_key(kind, std::move(key));
}

std::string signing_key::to_private_der() const {
    unsigned char* der = nullptr;
    const int size = i2d_PrivateKey(key_.get(), &der);
    openssl::require(size > 0);
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return text;
}

boost::json::object signing_key::to_public_jwk() const { return jwk_of(key_.get(), algorithm_); }

std::string signing_key::thumbprint() const {
    // Members in lexicographic order, no white space (RFC 7638, 3.3): `jwk_of` makes them so.
    return base64url::encode(sha256(boost::json::serialize(to_public_jwk())));
}

std::string signing_key::sign(std::string_view message) const {
    if (is_ed25519(algorithm_)) return sign_eddsa(key_.get(), message);
    auto* context = ready_context(key_.get(), number_, algorithm_, use::sign);
    const auto digest = sha256(message);
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    openssl::require(
        EVP_PKEY_sign(context, bytes(signature), &size, bytes(digest), digest.size()) == 1);
    signature.resize(size);
    return algorithm_ == jose::algorithm::es256 ? raw_from_der(signature) : signature;
}

bool signing_key::verify(std::string_view message, std::string_view signature) const {
    if (is_ed25519(algorithm_)) return verify_eddsa(key_.get(), message, signature);
    std::string der;
    if (algorithm_ == jose::algorithm::es256) {
        if (signature.size() != 2 * p256_half) return false;
        der = der_from_raw(signature);
        signature = der;
    }
    auto* context = ready_context(key_.get(), number_, algorithm_, use::verify);
    const auto digest = sha256(message);
    const bool right = EVP_PKEY_verify(context, bytes(signature), signature.size(), bytes(digest),
                                       digest.size()) == 1;
    if (!right) ERR_clear_error();
    return right;
}

}  // namespace kommpass::idp::jose
