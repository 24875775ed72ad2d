#include "idp/oauth/userinfo_endpoint.hpp"

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/oauth/encrypted_answer.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/live_tokens.hpp"
#include "idp/oauth/possession.hpp"
#include "idp/oauth/presented_token.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/oauth/step_up.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/store/authorizations.hpp"

#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

protocol_error not_good_any_more() {
    return bearer_error::invalid_token("the access token is expired or revoked");
}

claims_request requested_claims(const store::authorization& given) {
    if (given.claims_json.empty()) return {};
    auto parsed = parse_claims_request(given.claims_json);
    return parsed ? std::move(*parsed) : claims_request{};
}

http::response answer(const policies::client& client, boost::json::object claims,
                      const std::string& issuer, const jose::key_ring& keys) {
    if (!client.userinfo_alg && !client.userinfo_encryption_alg)
        return http::json(200, boost::json::serialize(claims));
    claims["iss"] = issuer;
    claims["aud"] = client.id.str();
    http::response made;
    made.content_type = "application/jwt";
    made.body = boost::json::serialize(claims);
    if (client.userinfo_alg) made.body = keys.sign(*client.userinfo_alg, "JWT", made.body);
    if (!client.userinfo_encryption_alg) return made;
    const auto inside =
        client.userinfo_alg ? jose::jwe_content::signed_jwt : jose::jwe_content::claims;
    auto sealed = encrypted_for(client, *client.userinfo_encryption_alg,
                                client.userinfo_encryption_enc, inside, made.body);
    if (!sealed) return to_response(sealed.error());
    made.body = std::move(*sealed);
    return made;
}

}  // namespace

awaitable<http::response> userinfo_endpoint::operator()(const http::request& request) {
    const auto shown = token_in_header_or_body(request);
    if (!shown) co_return to_response(shown.error());
    const auto token = co_await tokens_.find(shown->text);
    if (!token && token.error() == token_trouble::store_unavailable) {
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    }
    if (!token) co_return to_response(not_good_any_more());
    const auto proven = co_await possession_.of_token(request, *shown, token->claims);
    if (!proven) co_return to_response(proven.error());
    if (!token->family || !contains(token->claims.scope, scopes::openid)) {
        co_return to_response(
            bearer_error::insufficient_scope("the token speaks of no person", scopes::openid));
    }
    auto told = co_await tell_of(*token);
    offer_nonce(told, *proven);
    co_return told;
}

awaitable<http::response> userinfo_endpoint::tell_of(const live_token& token) {
    const auto& given = token.family->given;
    const auto registry = registry_.get();
    const auto entry = registry->find_client(given.client.view());
    const auto current =
        co_await identities_.look_up(given.member, given.directory, given.identity_json);
    if (entry.registered == nullptr || !current.who) co_return to_response(not_good_any_more());
    const auto decision =
        registry->decide({*current.who, given.person, local_day_of(time_.now())}, *entry.owner);
    if (decision.verdict != policies::access::granted) {
        co_return to_response(
            bearer_error::invalid_token("the person may not use this application any more"));
    }

    if (const auto needed = insufficiency_of(*entry.owner, given, time_.now()))
        co_return to_response(insufficient_user_authentication(
            confirmation_of(token.claims.all).token_type(), *needed));

    const auto keys = keys_.get();
    boost::json::object claims;
    claims["sub"] = subject_for(*entry.registered, *entry.owner, given.person, *keys);
    const claim_source source{*current.who, registry->find_member(given.member),
                              entry.registered->foreign_mail};
    add_profile_claims(claims, source, *entry.registered, token.claims.scope,
                       requested_claims(given).userinfo);
    add_role_claims(claims, *entry.owner, *entry.registered, decision.roles, current.who->member);
    co_return answer(*entry.registered, std::move(claims), issuer_, *keys);
}

}  // namespace kommpass::idp::oauth
