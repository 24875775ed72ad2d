#include "idp/jose/embedded_key_jwt.hpp"

#include "idp/jose/compact_jws.hpp"
#include "idp/jose/media_type.hpp"
#include "idp/jose/signing_key.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace kommpass::idp::jose {
namespace {

using boost::json::object;

constexpr std::size_t longest_modulus_text = 683;  // 4096 bit in base64url

template <std::size_t Size>
bool has_one_of(const object& of, const std::array<std::string_view, Size>& names) {
    return std::any_of(names.begin(), names.end(), [&](auto name) { return of.contains(name); });
}

std::string_view text_of(const object& of, std::string_view name) {
    const auto* value = of.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
}

// The key of the header, or null for what no public key of ours is.
const object* public_key_in(const object& header) {
    constexpr std::array<std::string_view, 4> refused{"crit", "b64", "jku", "x5u"};
    constexpr std::array<std::string_view, 8> private_parts{"d",  "p",  "q",   "dp",
                                                            "dq", "qi", "oth", "k"};
    const auto* jwk = header.if_contains("jwk");
    if (jwk == nullptr || !jwk->is_object() || has_one_of(header, refused)) return nullptr;
    const auto& key = jwk->get_object();
    if (has_one_of(key, private_parts)) return nullptr;
    return text_of(key, "n").size() > longest_modulus_text ? nullptr : &key;
}

}  // namespace

result<embedded_key_jwt, jwt_error> read_embedded_key_jwt(std::string_view jws,
                                                          std::string_view typ,
                                                          std::span<const algorithm> allowed) {
    const auto parts = split_compact(jws);
    if (!parts) return jwt_error::malformed;
    const auto header = parse_strict_object(parts->header);
    if (!header) return jwt_error::malformed;
    if (!is_media_type(text_of(*header, "typ"), typ)) return jwt_error::header_refused;
    const auto kind = algorithm_named(text_of(*header, "alg"));
    if (!kind || std::find(allowed.begin(), allowed.end(), *kind) == allowed.end())
        return jwt_error::algorithm_refused;
    const auto* jwk = public_key_in(*header);
    if (jwk == nullptr) return jwt_error::header_refused;
    const auto key = signing_key::from_public_jwk(*kind, *jwk);
    if (!key) return jwt_error::header_refused;
    if (!key->verify(parts->signed_part, parts->signature)) return jwt_error::bad_signature;
    auto claims = parse_strict_object(parts->payload);
    if (!claims) return claims.error();
    return embedded_key_jwt{std::move(*claims), key->thumbprint()};
}

}  // namespace kommpass::idp::jose
