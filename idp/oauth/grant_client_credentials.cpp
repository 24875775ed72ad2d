#include "idp/oauth/grant_client_credentials.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"

#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "policies/grammar.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

scope_list granted_scope(const scope_list& asked, const policies::client& client) {
    auto granted = only_allowed(asked, client.scopes);
    // Those that have a meaning here speak of a person, and there is none.
    std::erase_if(granted, [](const std::string& one) {
        return std::find(scopes::all.begin(), scopes::all.end(), one) != scopes::all.end();
    });
    return granted;
}

}  // namespace

protocol_result<client_credentials_request> client_credentials_grant::parse(
    const http::form& form) {
    client_credentials_request request{{}, resources_in(form)};
    const auto asked = form.get("scope");
    if (!asked) return request;
    auto scope = parse_scope(*asked);
    if (!scope) return token_error::invalid_scope("scope has a character that it cannot have");
    request.scope = *std::move(scope);
    return request;
}

grant_result client_credentials_grant::run(const grant_caller& caller,
                                           const client_credentials_request& request) {
    const auto& client = *caller.client.client;
    // Only a registry that an earlier version stored has such an id.
    if (const auto problem = policies::grammar::person_like_client_id(client.id.view());
        !problem.empty())
        co_return token_error::unauthorized_client("the client's id " + std::string(problem));
    if (!are_allowed(request.resources, {}, client)) co_return token_error::invalid_target();
    auto record = recorder_.record_of(caller.http, audit::event::token_issued, "ok");
    record.client = client.id;
    record.detail_json = audit::detail({{"grant", name}});
    if (!co_await recorder_.append(std::move(record)))
        co_return token_error::temporarily_unavailable("the store does not answer");
    co_return answers_.for_client(client, *caller.client.application,
                                  granted_scope(request.scope, client), request.resources,
                                  caller.key, time_.now());
}

}  // namespace kommpass::idp::oauth
