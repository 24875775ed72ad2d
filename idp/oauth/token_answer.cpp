#include "idp/oauth/token_answer.hpp"

#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/authorization_details.hpp"
#include "idp/oauth/tokens.hpp"
#include "policies/lifetimes.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {

http::response to_response(const token_answer& answer) {
    boost::json::object body;
    body.reserve(6);
    body["access_token"] = answer.access_token;
    body["token_type"] = answer.token_type;
    body["expires_in"] = answer.expires_in.count();
    if (!answer.scope.empty()) body["scope"] = to_text(answer.scope);
    if (!answer.id_token.empty()) body["id_token"] = answer.id_token;
    if (!answer.issued_token_type.empty()) body["issued_token_type"] = answer.issued_token_type;
    if (!answer.refresh_token.empty()) body["refresh_token"] = answer.refresh_token;
    if (!answer.details_json.empty())
        body["authorization_details"] = boost::json::parse(answer.details_json);
    return http::json(200, boost::json::serialize(body));
}

token_answer token_answers::for_person(const token_subject& subject, std::string_view nonce,
                                       std::string refresh_token, instant now) const {
    const auto keys = keys_.get();
    token_maker maker(issuer_, *keys, random_, now);
    token_answer answer;
    answer.access_token = maker.access_token(subject);
    answer.to_keep = maker.to_keep();
    answer.expires_in = policies::access_token_lifetime(subject.application, subject.client);
    answer.scope = subject.scope;
    answer.refresh_token = std::move(refresh_token);
    answer.token_type = subject.key.token_type();
    if (!subject.given.details_json.empty())
        answer.details_json =
            boost::json::serialize(still_held(subject.given.details_json, subject.decision.roles));
    if (contains(subject.scope, scopes::openid))
        answer.id_token = maker.id_token(subject, nonce, answer.access_token);
    return answer;
}

token_answer token_answers::for_exchange(const token_subject& subject, const exchange& by,
                                         instant now) const {
    const auto keys = keys_.get();
    token_maker maker(issuer_, *keys, random_, now);
    token_answer answer;
    answer.access_token = maker.access_token(subject, by);
    answer.to_keep = maker.to_keep();
    answer.expires_in = std::chrono::duration_cast<std::chrono::seconds>(by.expires_at - now);
    answer.scope = subject.scope;
    answer.token_type = subject.key.token_type();
    answer.issued_token_type = "urn:ietf:params:oauth:token-type:access_token";
    return answer;
}

token_answer token_answers::for_client(const policies::client& client,
                                       const policies::application& application, scope_list scope,
                                       const resource_list& resources, const key_confirmation& key,
                                       instant now) const {
    const auto keys = keys_.get();
    token_maker maker(issuer_, *keys, random_, now);
    token_answer answer;
    answer.access_token = maker.access_token(client, application, scope, resources, key);
    answer.to_keep = maker.to_keep();
    answer.expires_in = policies::access_token_lifetime(application, client);
    answer.scope = std::move(scope);
    answer.token_type = key.token_type();
    return answer;
}

}  // namespace kommpass::idp::oauth
