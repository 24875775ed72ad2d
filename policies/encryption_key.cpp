#include "policies/encryption_key.hpp"

#include "config/vocabulary/base64url.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string>

namespace kommpass::policies {
namespace {

namespace json = boost::json;

constexpr std::size_t p256_coordinate = 32;
constexpr std::size_t least_modulus = 2048 / 8;

std::string text_of(const json::object& jwk, std::string_view name) {
    const auto* value = jwk.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::size_t bytes_of(const json::object& jwk, std::string_view name) {
    const auto bytes = base64url::decode(text_of(jwk, name));
    return bytes ? bytes->size() : 0;
}

bool has_size(const json::object& jwk, key_management alg) {
    const auto kty = text_of(jwk, "kty");
    if (alg == key_management::rsa_oaep_256)
        return kty == "RSA" && bytes_of(jwk, "n") >= least_modulus && bytes_of(jwk, "e") > 0;
    return kty == "EC" && text_of(jwk, "crv") == "P-256" && bytes_of(jwk, "x") == p256_coordinate &&
           bytes_of(jwk, "y") == p256_coordinate;
}

std::string_view name_of(key_management alg) {
    for (const auto& [name, one] : key_managements) {
        if (one == alg) return name;
    }
    return {};
}

}  // namespace

bool has_encryption_key(std::string_view jwks, key_management alg) {
    json::error_code error;
    const auto whole = json::parse(jwks, error);
    const auto* object = error ? nullptr : whole.if_object();
    const auto* keys = object != nullptr ? object->if_contains("keys") : nullptr;
    if (keys == nullptr || !keys->is_array()) return false;
    const auto& list = keys->get_array();
    return std::any_of(list.begin(), list.end(), [&](const json::value& one) {
        const auto* jwk = one.if_object();
        if (jwk == nullptr || text_of(*jwk, "use") != "enc" || text_of(*jwk, "kid").empty())
            return false;
        const bool other = jwk->contains("alg") && text_of(*jwk, "alg") != name_of(alg);
        return !other && has_size(*jwk, alg);
    });
}

}  // namespace kommpass::policies
