#include "idp/oauth/tokens.hpp"

#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/token_hash.hpp"
#include "idp/oauth/subject.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

constexpr char family_end = '.';
constexpr std::size_t jti_bytes = 16;

json::value audience_value(const std::vector<std::string>& audiences) {
    if (audiences.size() == 1) return json::value(audiences.front());
    json::array all;
    for (const auto& audience : audiences) all.emplace_back(audience);
    return all;
}

void add_lifetime(json::object& claims, instant now, std::chrono::seconds lifetime) {
    claims["iat"] = to_unix_seconds(now);
    claims["exp"] = to_unix_seconds(now) + lifetime.count();
}

void add_authentication(json::object& claims, const store::authorization& given) {
    claims["auth_time"] = to_unix_seconds(given.authenticated_at);
    claims["acr"] = given.acr;
    json::array methods;
    for (const auto& method : given.amr) methods.emplace_back(method);
    claims["amr"] = std::move(methods);
}

std::string text_of(const json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

}  // namespace

jose::algorithm to_jose(policies::signing_algorithm algorithm) noexcept {
    switch (algorithm) {
        case policies::signing_algorithm::es256:
            return jose::algorithm::es256;
        case policies::signing_algorithm::rs256:
            return jose::algorithm::rs256;
        case policies::signing_algorithm::ps256:
            return jose::algorithm::ps256;
        case policies::signing_algorithm::eddsa:
            return jose::algorithm::eddsa;
    }
    return jose::algorithm::es256;
}

std::vector<std::string> audiences_of(const policies::client& client) {
    if (client.audiences.empty()) return {client.id.str()};
    return client.audiences;
}

std::string token_maker::access_token(const token_subject& subject) {
    json::object claims;
    claims.reserve(16);
    claims["iss"] = issuer_;
    claims["sub"] = subject_for(subject.client, subject.application, subject.given.person, keys_);
    claims["aud"] = audience_value(audiences_of(subject.client));
    claims["jti"] = subject.given.family + family_end + random_.token(jti_bytes);
    claims["client_id"] = subject.client.id.str();
    claims["scope"] = to_text(subject.scope);
    add_lifetime(claims, now_, subject.application.access_token_lifetime);
    add_authentication(claims, subject.given);
    claims["member"] = subject.given.member.str();
    add_role_claims(claims, subject.application, subject.client, subject.decision.roles,
                    subject.who.member);
    return keys_.sign(to_jose(subject.client.access_token_alg), "at+jwt", json::serialize(claims));
}

std::string token_maker::access_token(const policies::client& client,
                                      const policies::application& application,
                                      const scope_list& scope) {
    json::object claims;
    claims.reserve(8);
    claims["iss"] = issuer_;
    claims["sub"] = client.id.str();
    claims["aud"] = audience_value(audiences_of(client));
    claims["jti"] = random_.token(jti_bytes);
    claims["client_id"] = client.id.str();
    if (!scope.empty()) claims["scope"] = to_text(scope);
    add_lifetime(claims, now_, application.access_token_lifetime);
    return keys_.sign(to_jose(client.access_token_alg), "at+jwt", json::serialize(claims));
}

std::string token_maker::id_token(const token_subject& subject, std::string_view nonce,
                                  std::string_view access_token) {
    const auto algorithm = to_jose(subject.client.id_token_alg);
    const auto asked =
        parse_claims_request(subject.given.claims_json.empty() ? "{}" : subject.given.claims_json);
    const claims_request none;
    const auto& by_name = asked ? asked->id_token : none.id_token;

    json::object claims;
    claims.reserve(24);
    claims["iss"] = issuer_;
    claims["sub"] = subject_for(subject.client, subject.application, subject.given.person, keys_);
    claims["aud"] = subject.client.id.str();
    add_lifetime(claims, now_, subject.application.access_token_lifetime);
    add_authentication(claims, subject.given);
    if (!nonce.empty()) claims["nonce"] = nonce;
    if (!subject.given.session.empty()) claims["sid"] = subject.given.session;
    if (!access_token.empty()) claims["at_hash"] = jose::token_hash(algorithm, access_token);

    const claim_source source{subject.who, subject.member};
    if (subject.client.claims_in_id_token) {
        add_profile_claims(claims, source, subject.client, subject.scope, by_name);
        add_role_claims(claims, subject.application, subject.client, subject.decision.roles,
                        subject.who.member);
    } else {
        add_profile_claims(claims, source, subject.client, {}, by_name);
    }
    return keys_.sign(algorithm, "JWT", json::serialize(claims));
}

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
    auto parsed = jose::parse_strict_object(*payload);
    if (!parsed || text_of(*parsed, "iss") != issuer) return std::nullopt;
    const auto* expires = parsed->if_contains("exp");
    if (expires == nullptr || !expires->is_int64()) return std::nullopt;

    access_token_claims claims;
    claims.expires_at = from_unix_seconds(expires->get_int64());
    if (claims.expires_at <= now) return std::nullopt;
    claims.jti = text_of(*parsed, "jti");
    if (const auto end = claims.jti.find(family_end); end != std::string::npos) {
        claims.family = claims.jti.substr(0, end);
    }
    claims.client = text_of(*parsed, "client_id");
    claims.subject = text_of(*parsed, "sub");
    claims.scope = parse_scope(text_of(*parsed, "scope")).value_or(scope_list{});
    claims.all = std::move(*parsed);
    return claims;
}

}  // namespace kommpass::idp::oauth
