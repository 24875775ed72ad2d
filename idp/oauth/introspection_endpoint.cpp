#include "idp/oauth/introspection_endpoint.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/live_tokens.hpp"
#include "idp/oauth/member_names.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/signed_introspection.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "policies/snapshot.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

boost::json::object inactive() { return {{"active", false}}; }

bool may_ask(const authenticated_client& caller, const access_token_claims& token) {
    if (token.client == caller.client->id.view() || token.is_for(caller.client->id.view()))
        return true;
    const auto& audiences = caller.client->audiences;
    return std::any_of(audiences.begin(), audiences.end(),
                       [&](const std::string& audience) { return token.is_for(audience); });
}

void add_person(boost::json::object& into, const store::authorization& given,
                const scope_list& scope, const policies::snapshot& registry,
                policies::foreign_mail foreign) {
    const auto who = sessions::identity_from_json(given.identity_json);
    const auto* member = registry.find_member(given.member);
    if (!who || member == nullptr) return;
    const auto name = contains(scope, scopes::profile) ? unique_name(*who, *member) : std::string();
    if (!name.empty()) into["username"] = name;
    const auto mail =
        contains(scope, scopes::email) ? mail_for(*who, *member, foreign) : std::nullopt;
    if (!mail) return;
    into["email"] = mail->address;
    into["email_verified"] = mail->verified;
}

boost::json::object describe_access_token(live_token token, const policies::snapshot& registry,
                                          policies::foreign_mail foreign) {
    auto& claims = token.claims;
    const auto key = confirmation_of(claims.all);
    boost::json::object answer(std::move(claims.all));
    answer["active"] = true;
    answer["token_type"] = key.token_type();
    if (token.family) add_person(answer, token.family->given, claims.scope, registry, foreign);
    return answer;
}

// What the family says of its refresh token.
boost::json::object refresh_token_claims(const store::token_family& family,
                                         const std::string& issuer, std::string subject,
                                         const policies::snapshot& registry,
                                         policies::foreign_mail foreign) {
    const auto& given = family.given;
    boost::json::object answer;
    answer["active"] = true;
    answer["iss"] = issuer;
    answer["client_id"] = given.client.str();
    answer["sub"] = std::move(subject);
    answer["scope"] = to_text(given.scope);
    answer["iat"] = to_unix_seconds(family.rotated_at);
    answer["exp"] = to_unix_seconds(family.expires_at);
    add_confirmation(answer, key_confirmation_in(given.bound_to));
    add_person(answer, given, given.scope, registry, foreign);
    return answer;
}

}  // namespace

awaitable<http::response> introspection_endpoint::operator()(const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await clients_.authenticate(request, *form);
    if (!caller) co_return to_response(caller.error());
    if (caller->is_public()) {
        co_return to_response(
            token_error::invalid_client("introspection is for confidential clients"));
    }
    const auto text = form->get("token");
    if (!text) co_return to_response(token_error::invalid_request("token is missing"));
    auto answer = co_await describe(*caller, *text);
    if (!answer) co_return to_response(answer.error());
    co_return introspection_answer(request, *caller->client, *std::move(answer), issuer_,
                                   *keys_.get(), time_.now());
}

introspection_endpoint::described introspection_endpoint::describe(
    const authenticated_client& caller, std::string_view text) {
    const auto refresh = refresh_token::parse(text);
    if (refresh) co_return co_await describe(caller, *refresh);
    auto token = co_await tokens_.find(text);
    if (!token && token.error() == token_trouble::store_unavailable)
        co_return token_error::temporarily_unavailable("the store does not answer");
    if (!token || !may_ask(caller, token->claims)) co_return inactive();
    co_return describe_access_token(std::move(*token), *registry_.get(),
                                    caller.client->foreign_mail);
}

introspection_endpoint::described introspection_endpoint::describe(
    const authenticated_client& caller, const refresh_token& token) {
    auto work = [&](store::transaction& t) { return t.families().find(token.family); };
    const auto found = co_await memory_.read(work);
    if (!found) co_return token_error::temporarily_unavailable("the store does not answer");
    const auto& family = *found;
    const auto now = time_.now();
    if (!family || family->revoked || family->expires_at <= now ||
        family->given.client != caller.client->id || lay_idle(*family, *caller.client, now) ||
        !equal_in_constant_time(family->current_hash, token.hash)) {
        co_return inactive();
    }
    auto subject =
        subject_for(*caller.client, *caller.application, family->given.person, *keys_.get());
    co_return refresh_token_claims(*family, issuer_, std::move(subject), *registry_.get(),
                                   caller.client->foreign_mail);
}

}  // namespace kommpass::idp::oauth
