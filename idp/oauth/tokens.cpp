#include "idp/oauth/tokens.hpp"

#include "idp/jose/key_ring.hpp"
#include "idp/jose/token_hash.hpp"
#include "idp/oauth/access_token.hpp"
#include "idp/oauth/authorization_details.hpp"
#include "idp/oauth/opaque_access_token.hpp"
#include "idp/oauth/roles_by_reference.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/sessions.hpp"
#include "policies/lifetimes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

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

std::chrono::seconds lifetime_of(const token_subject& subject) {
    return policies::access_token_lifetime(subject.application, subject.client);
}

void add_authentication(json::object& claims, const store::authorization& given) {
    claims["auth_time"] = to_unix_seconds(given.authenticated_at);
    claims["acr"] = given.acr;
    json::array methods;
    for (const auto& method : given.amr) methods.emplace_back(method);
    claims["amr"] = std::move(methods);
}

}  // namespace

std::vector<std::string> audiences_of(const policies::client& client, const std::string& issuer) {
    if (client.audiences.empty()) return {issuer};
    return client.audiences;
}

std::vector<std::string> audiences_of(const policies::client& client, const std::string& issuer,
                                      const std::vector<std::string>& resources) {
    return resources.empty() ? audiences_of(client, issuer) : resources;
}

json::object token_maker::claims_for(const token_subject& subject) {
    json::object claims;
    claims.reserve(16);
    claims["iss"] = issuer_;
    claims["sub"] = subject_for(subject.client, subject.application, subject.given.person, keys_);
    claims["aud"] = audience_value(audiences_of(subject.client, issuer_, subject.given.resources));
    claims["jti"] = subject.given.family + end_of_family + random_.token(jti_bytes);
    claims["client_id"] = subject.client.id.str();
    claims["scope"] = to_text(subject.scope);
    add_lifetime(claims, now_, lifetime_of(subject));
    add_authentication(claims, subject.given);
    claims["member"] = subject.given.member.str();
    add_confirmation(claims, subject.key);
    add_role_claims(claims, subject.application, subject.client, subject.decision.roles,
                    subject.who.member);
    if (!subject.given.details_json.empty())
        claims["authorization_details"] =
            still_held(subject.given.details_json, subject.decision.roles);
    return claims;
}

std::string token_maker::finished(const token_subject& subject, json::object claims,
                                  std::chrono::seconds lifetime) {
    const auto bounded = claims_of_bounded_size(std::move(claims), subject.application, issuer_);
    return finished(subject.client, bounded, lifetime);
}

std::string token_maker::access_token(const token_subject& subject) {
    return finished(subject, claims_for(subject), lifetime_of(subject));
}

std::string token_maker::access_token(const token_subject& subject, const exchange& by) {
    auto claims = claims_for(subject);
    claims["aud"] = audience_value(by.audiences);
    claims["client_id"] = by.actor.id.str();
    claims["exp"] = to_unix_seconds(by.expires_at);
    json::object act{{"sub", by.actor.id.str()}};
    if (by.acted_before) act["act"] = *by.acted_before;
    claims["act"] = std::move(act);
    claims.erase("authorization_details");  // granted for another client
    if (subject.scope.empty()) claims.erase("scope");
    return finished(subject, std::move(claims),
                    std::chrono::duration_cast<std::chrono::seconds>(by.expires_at - now_));
}

std::string token_maker::access_token(const policies::client& client,
                                      const policies::application& application,
                                      const scope_list& scope,
                                      const std::vector<std::string>& resources,
                                      const key_confirmation& key) {
    json::object claims;
    claims.reserve(8);
    claims["iss"] = issuer_;
    claims["sub"] = client.id.str();
    claims["aud"] = audience_value(audiences_of(client, issuer_, resources));
    claims["jti"] = random_.token(jti_bytes);
    claims["client_id"] = client.id.str();
    if (!scope.empty()) claims["scope"] = to_text(scope);
    add_lifetime(claims, now_, policies::access_token_lifetime(application, client));
    add_confirmation(claims, key);
    return finished(client, json::serialize(claims),
                    policies::access_token_lifetime(application, client));
}

std::string token_maker::finished(const policies::client& client, const std::string& claims,
                                  std::chrono::seconds lifetime) {
    if (client.access_token_format == policies::access_token_format::jwt)
        return keys_.sign(client.access_token_alg, "at+jwt", claims);
    auto made = opaque_access_token::make(claims, now_ + lifetime, random_);
    kept_ = std::move(made.kept);
    return std::move(made.text);
}

std::string token_maker::id_token(const token_subject& subject, std::string_view nonce,
                                  std::string_view access_token) {
    const auto algorithm = subject.client.id_token_alg;
    const auto asked =
        parse_claims_request(subject.given.claims_json.empty() ? "{}" : subject.given.claims_json);
    const claims_request none;
    const auto& by_name = asked ? asked->id_token : none.id_token;

    json::object claims;
    claims.reserve(24);
    claims["iss"] = issuer_;
    claims["sub"] = subject_for(subject.client, subject.application, subject.given.person, keys_);
    claims["aud"] = subject.client.id.str();
    add_lifetime(claims, now_, lifetime_of(subject));
    add_authentication(claims, subject.given);
    if (!nonce.empty()) claims["nonce"] = nonce;
    if (!subject.given.session.empty() && policies::hears_of_sign_outs(subject.client))
        claims["sid"] = subject.given.session;
    if (!access_token.empty()) claims["at_hash"] = jose::token_hash(algorithm, access_token);

    const claim_source source{subject.who, subject.member, subject.client.foreign_mail};
    if (subject.client.claims_in_id_token) {
        add_profile_claims(claims, source, subject.client, subject.scope, by_name);
    } else {
        add_profile_claims(claims, source, subject.client, {}, by_name);
    }
    if (subject.client.claims_in_id_token || names_roles(by_name, subject.application)) {
        add_role_claims(claims, subject.application, subject.client, subject.decision.roles,
                        subject.who.member);
    }
    const auto bounded = claims_of_bounded_size(std::move(claims), subject.application, issuer_);
    return keys_.sign(algorithm, "JWT", bounded);
}

}  // namespace kommpass::idp::oauth
