#include "idp/jose/foreign_jwt.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/compact_jws.hpp"
#include "idp/jose/signing_key.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace kommpass::idp::jose {
namespace {

constexpr std::size_t most_keys = 32;

struct known_key {
    std::string kid;  // empty: the set names none
    signing_key key;
};

std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

class key_set final : public public_key_set {
public:
    explicit key_set(std::vector<known_key> keys) : keys_(std::move(keys)) {}

    result<boost::json::object, jwt_error> verify(
        std::string_view jws, std::span<const algorithm> allowed) const override {
        const auto parts = split_compact(jws);
        if (!parts) return jwt_error::malformed;
        const auto header = parse_strict_object(parts->header);
        if (!header) return jwt_error::malformed;
        const auto* kid = header->if_contains("kid");
        if (has_refused_member(*header) || (kid != nullptr && !kid->is_string())) {
            return jwt_error::header_refused;
        }
        const auto wanted = algorithm_named(text_of(*header, "alg"));
        if (!wanted || std::find(allowed.begin(), allowed.end(), *wanted) == allowed.end()) {
            return jwt_error::algorithm_refused;
        }
        return verify_with(*parts, *wanted, text_of(*header, "kid"));
    }

private:
    static bool has_refused_member(const boost::json::object& header) {
        static constexpr std::array<std::string_view, 6> refused{"crit", "b64", "jku",
                                                                 "x5u",  "jwk", "x5c"};
        return std::any_of(refused.begin(), refused.end(),
                           [&](auto name) { return header.contains(name); });
    }

    result<boost::json::object, jwt_error> verify_with(const compact_jws& parts, algorithm wanted,
                                                       const std::string& kid) const {
        bool tried = false;
        for (const auto& known : keys_) {
            if (known.key.algorithm() != wanted) continue;
            if (!kid.empty() && !known.kid.empty() && kid != known.kid) continue;
            tried = true;
            if (!known.key.verify(parts.signed_part, parts.signature)) continue;
            return parse_strict_object(parts.payload);
        }
        return tried ? jwt_error::bad_signature : jwt_error::unknown_key;
    }

    std::vector<known_key> keys_;
};

// A key without `alg` serves every algorithm that its type fits.
std::vector<algorithm> algorithms_of(const boost::json::object& jwk) {
    const auto named = text_of(jwk, "alg");
    if (!named.empty()) {
        const auto one = algorithm_named(named);
        return one ? std::vector{*one} : std::vector<algorithm>{};
    }
    const auto kty = text_of(jwk, "kty");
    if (kty == "EC") return {algorithm::es256};
    if (kty == "RSA") return {algorithm::ps256, algorithm::rs256};
    if (kty == "OKP") return {algorithm::eddsa, algorithm::ed25519};
    return {};
}

}  // namespace

result<std::shared_ptr<const public_key_set>, std::string> parse_jwks(std::string_view json) {
    using answer = result<std::shared_ptr<const public_key_set>, std::string>;
    const auto whole = parse_strict_object(json);
    const auto* list = whole ? whole->if_contains("keys") : nullptr;
    if (list == nullptr || !list->is_array()) {
        return answer(std::string("jwks is no JSON object with an array \"keys\""));
    }
    std::vector<known_key> keys;
    for (const auto& one : list->get_array()) {
        if (!one.is_object()) return answer(std::string("jwks: a key is no JSON object"));
        const auto& jwk = one.get_object();
        if (text_of(jwk, "use") == "enc") continue;
        for (const auto kind : algorithms_of(jwk)) {
            auto key = signing_key::from_public_jwk(kind, jwk);
            if (!key) {
                return answer("jwks: key \"" + text_of(jwk, "kid") +
                              "\" is not P-256, Ed25519 or RSA of at least 2048 bit");
            }
            keys.push_back({text_of(jwk, "kid"), std::move(*key)});
        }
    }
    if (keys.empty())
        return answer(
            std::string("jwks has no key that can verify ES256, PS256, RS256, EdDSA or Ed25519"));
    if (keys.size() > most_keys) return answer(std::string("jwks has too many keys"));
    return answer(std::make_shared<const key_set>(std::move(keys)));
}

}  // namespace kommpass::idp::jose
