#include "idp/oauth/access_token.hpp"

#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/key_ring.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

}  // namespace

bool access_token_claims::is_for(std::string_view audience) const noexcept {
    const auto* aud = all.if_contains("aud");
    if (aud == nullptr) return false;
    if (aud->is_string()) return aud->get_string() == audience;
    if (!aud->is_array()) return false;
    const auto& list = aud->get_array();
    return std::any_of(list.begin(), list.end(), [&](const json::value& one) {
        return one.is_string() && one.get_string() == audience;
    });
}

std::optional<access_token_claims> read_access_token(std::string_view jws,
                                                     const std::string& issuer,
                                                     const jose::key_ring& keys, instant now) {
    const auto payload = keys.verify_own(jws, "at+jwt");
    if (!payload) return std::nullopt;
    return read_access_token_claims(*payload, issuer, now);
}

std::optional<access_token_claims> read_access_token_claims(std::string_view claims_json,
                                                            const std::string& issuer,
                                                            instant now) {
    auto parsed = jose::parse_strict_object(claims_json);
    if (!parsed || text_of(*parsed, "iss") != issuer) return std::nullopt;
    const auto* expires = parsed->if_contains("exp");
    if (expires == nullptr || !expires->is_int64()) return std::nullopt;

    access_token_claims claims;
    claims.expires_at = from_unix_seconds(expires->get_int64());
    if (claims.expires_at <= now) return std::nullopt;
    claims.jti = text_of(*parsed, "jti");
    if (const auto end = claims.jti.find(end_of_family); end != std::string::npos) {
        claims.family = claims.jti.substr(0, end);
    }
    claims.client = text_of(*parsed, "client_id");
    claims.subject = text_of(*parsed, "sub");
    claims.scope = parse_scope(text_of(*parsed, "scope")).value_or(scope_list{});
    claims.all = std::move(*parsed);
    return claims;
}

}  // namespace kommpass::idp::oauth
