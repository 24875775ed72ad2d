// RFC 6749, 4.4: a confidential client acts for itself. No refresh token, no ID token, no roles.
#include "idp/audit/recorder.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/oauth/tokens.hpp"

namespace kommpass::idp::oauth {
namespace {

protocol_result<scope_list> granted_scope(const token_request& request) {
    const auto asked = request.form.get("scope");
    if (!asked) return scope_list{};
    const auto parsed = parse_scope(*asked);
    if (!parsed) return token_error::invalid_scope("scope has a character that it cannot have");
    auto granted = only_allowed(*parsed, request.client.client->scopes);
    // These two speak of a person, and there is none.
    std::erase(granted, "openid");
    std::erase(granted, "offline_access");
    return granted;
}

}  // namespace

grant_result issue_client_credentials(provider& p, const token_request& request) {
    if (request.client.is_public()) {
        co_return token_error::unauthorized_client(
            "client_credentials is for confidential clients");
    }
    auto scope = granted_scope(request);
    if (!scope) co_return scope.error();

    auto record = p.recorder.record_of(request.http, audit::event::token_issued, "ok");
    record.client = request.client.client->id;
    record.detail_json = R"({"grant":"client_credentials"})";
    if (!co_await p.recorder.append(std::move(record))) {
        co_return token_error::temporarily_unavailable("the store does not answer");
    }
    const auto keys = p.keys.get();
    token_maker maker(p.settings.issuer, *keys, p.random, p.time.now());
    token_answer answer;
    answer.access_token =
        maker.access_token(*request.client.client, *request.client.application, *scope);
    answer.expires_in = request.client.application->access_token_lifetime;
    answer.scope = std::move(*scope);
    co_return answer;
}

}  // namespace kommpass::idp::oauth
