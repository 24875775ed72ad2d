#include "idp/jose/jwk.hpp"

#include "config/vocabulary/base64url.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <array>
#include <optional>
#include <string>

namespace kommpass::idp::jose {
namespace {

using boost::json::object;
using parameter_builder = std::unique_ptr<OSSL_PARAM_BLD, openssl::freed_by<OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, openssl::freed_by<OSSL_PARAM_free>>;

constexpr std::size_t p256_half = 32;
constexpr std::size_t largest_modulus = 1024;  // 8192 bit

std::string number_text(const EVP_PKEY* key, const char* name) {
    BIGNUM* found = nullptr;
    openssl::require(EVP_PKEY_get_bn_param(key, name, &found) == 1);
    const openssl::number owned(found);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
    BN_bn2bin(found, reinterpret_cast<unsigned char*>(bytes.data()));
    return base64url::encode(bytes);
}

std::string coordinate_text(const EVP_PKEY* key, const char* name) {
    BIGNUM* found = nullptr;
    openssl::require(EVP_PKEY_get_bn_param(key, name, &found) == 1);
    const openssl::number owned(found);
    std::string bytes(p256_half, '\0');
    openssl::require(BN_bn2binpad(found, reinterpret_cast<unsigned char*>(bytes.data()),
                                  p256_half) == p256_half);
    return base64url::encode(bytes);
}

std::optional<std::string> bytes_of(const object& jwk, std::string_view name) {
    const auto* value = jwk.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return base64url::decode(value->get_string());
}

bool is_kind(const object& jwk, std::string_view kty) {
    const auto* value = jwk.if_contains("kty");
    return value != nullptr && value->is_string() && value->get_string() == kty;
}

bool is_curve(const object& jwk, std::string_view crv) {
    const auto* value = jwk.if_contains("crv");
    return value != nullptr && value->is_string() && value->get_string() == crv;
}

openssl::key from_parameters(const char* type, OSSL_PARAM* values) {
    const openssl::key_context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, values) != 1) {
        return nullptr;
    }
    openssl::key key(made);
    const openssl::key_context check(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
    return key;
}

openssl::key ec_key(const object& jwk) {
    const auto x = bytes_of(jwk, "x");
    const auto y = bytes_of(jwk, "y");
    if (!is_kind(jwk, "EC") || !is_curve(jwk, "P-256") || !x || !y) return nullptr;
    if (x->size() != p256_half || y->size() != p256_half) return nullptr;
    const std::string point = "\x04" + *x + *y;
    const parameter_builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                     point.size());
    const parameters values(OSSL_PARAM_BLD_to_param(builder.get()));
    return from_parameters("EC", values.get());
}

openssl::number number_of(const std::optional<std::string>& bytes) {
    if (!bytes || bytes->empty() || bytes->size() > largest_modulus) return nullptr;
    return openssl::number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                                     static_cast<int>(bytes->size()), nullptr));
}

openssl::key rsa_key(const object& jwk) {
    const auto modulus = number_of(bytes_of(jwk, "n"));
    const auto exponent = number_of(bytes_of(jwk, "e"));
    if (!is_kind(jwk, "RSA") || !modulus || !exponent || BN_num_bits(exponent.get()) > 64)
        return nullptr;
    const parameter_builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    const parameters values(OSSL_PARAM_BLD_to_param(builder.get()));
    return from_parameters("RSA", values.get());
}

openssl::key ed25519_key(const object& jwk) {
    const auto x = bytes_of(jwk, "x");
    if (!is_kind(jwk, "OKP") || !is_curve(jwk, "Ed25519") || !x || x->size() != 32) return nullptr;
    return openssl::key(EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(x->data()), x->size()));
}

}  // namespace

object jwk_of(const EVP_PKEY* key, algorithm kind) {
    object jwk;
    switch (kind) {
        case algorithm::es256:
            jwk["crv"] = "P-256";
            jwk["kty"] = "EC";
            jwk["x"] = coordinate_text(key, OSSL_PKEY_PARAM_EC_PUB_X);
            jwk["y"] = coordinate_text(key, OSSL_PKEY_PARAM_EC_PUB_Y);
            break;
        case algorithm::rs256:
        case algorithm::ps256:
            jwk["e"] = number_text(key, OSSL_PKEY_PARAM_RSA_E);
            jwk["kty"] = "RSA";
            jwk["n"] = number_text(key, OSSL_PKEY_PARAM_RSA_N);
            break;
        case algorithm::eddsa:
        case algorithm::ed25519: {
            std::array<unsigned char, 32> point{};
            std::size_t size = point.size();
            openssl::require(EVP_PKEY_get_raw_public_key(key, point.data(), &size) == 1);
            jwk["crv"] = "Ed25519";
            jwk["kty"] = "OKP";
            jwk["x"] = base64url::encode({reinterpret_cast<const char*>(point.data()), size});
            break;
        }
    }
    return jwk;
}

openssl::key public_key_from_jwk(algorithm kind, const object& jwk) {
    switch (kind) {
        case algorithm::es256:
            return ec_key(jwk);
        case algorithm::rs256:
        case algorithm::ps256:
            return rsa_key(jwk);
        case algorithm::eddsa:
        case algorithm::ed25519:
            return ed25519_key(jwk);
    }
    return nullptr;
}

}  // namespace kommpass::idp::jose
