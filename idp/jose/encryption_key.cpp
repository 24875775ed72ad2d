#include "idp/jose/encryption_key.hpp"

#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/jwe.hpp"
#include "idp/jose/jwk.hpp"

#include <openssl/err.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace kommpass::idp::jose {
namespace {

namespace json = boost::json;

constexpr int least_rsa_bits = 2048;

std::string text_of(const json::object& jwk, std::string_view name) {
    const auto* value = jwk.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool serves(const json::object& jwk, key_management alg) {
    if (text_of(jwk, "use") != "enc" || text_of(jwk, "kid").empty()) return false;
    return !jwk.contains("alg") || text_of(jwk, "alg") == name_of(alg);
}

// Null where it does not fit.
openssl::key key_of(const json::object& jwk, key_management alg) {
    if (alg == key_management::ecdh_es) return public_key_from_jwk(algorithm::es256, jwk);
    auto key = public_key_from_jwk(algorithm::ps256, jwk);
    if (key && EVP_PKEY_get_bits(key.get()) < least_rsa_bits) return nullptr;
    return key;
}

}  // namespace

result<encryption_key, std::string> encryption_key_in(std::string_view jwks, key_management alg) {
    const auto whole = parse_strict_object(jwks);
    const auto* list = whole ? whole->if_contains("keys") : nullptr;
    if (list == nullptr || !list->is_array())
        return std::string("jwks is no JSON object with an array of keys");
    for (const auto& one : list->get_array()) {
        const auto* jwk = one.if_object();
        if (jwk == nullptr || !serves(*jwk, alg)) continue;
        auto key = key_of(*jwk, alg);
        if (key) return encryption_key{alg, text_of(*jwk, "kid"), std::move(key)};
    }
    ERR_clear_error();
    return "jwks has no key for " + std::string(name_of(alg)) +
           ": with kid, use enc, on P-256 or RSA of at least 2048 bit";
}

}  // namespace kommpass::idp::jose
