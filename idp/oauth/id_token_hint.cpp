#include "idp/oauth/id_token_hint.hpp"

#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/value.hpp>

namespace kommpass::idp::oauth {
namespace {

std::string text_of(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool is_moment(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_int64();
}

// What every ID token of ours has (OpenID Connect Core, 2), and no other JWT of type "JWT".
bool is_id_token(const boost::json::object& claims) {
    return is_moment(claims, "exp") && is_moment(claims, "iat") && is_moment(claims, "auth_time");
}

}  // namespace

std::optional<id_token_hint> read_id_token_hint(std::string_view jws, const std::string& issuer,
                                                const policies::snapshot& registry,
                                                const jose::key_ring& keys) {
    const auto payload = keys.verify_own(jws, "JWT");
    if (!payload) return std::nullopt;
    const auto claims = jose::parse_strict_object(*payload);
    if (!claims || !is_id_token(*claims) || text_of(*claims, "iss") != issuer) return std::nullopt;
    id_token_hint hint{client_id(text_of(*claims, "aud")), text_of(*claims, "sub"),
                       text_of(*claims, "sid")};
    if (hint.subject.empty() || registry.find_client(hint.client.view()).registered == nullptr)
        return std::nullopt;
    return hint;
}

}  // namespace kommpass::idp::oauth
