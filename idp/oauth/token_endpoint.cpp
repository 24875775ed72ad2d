#include "idp/oauth/token_endpoint.hpp"

#include "idp/audit/recorder.hpp"
#include "idp/oauth/form_request.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

http::response to_response(const token_answer& answer) {
    boost::json::object body;
    body.reserve(6);
    body["access_token"] = answer.access_token;
    body["token_type"] = "Bearer";
    body["expires_in"] = answer.expires_in.count();
    if (!answer.scope.empty()) body["scope"] = to_text(answer.scope);
    if (!answer.id_token.empty()) body["id_token"] = answer.id_token;
    if (!answer.refresh_token.empty()) body["refresh_token"] = answer.refresh_token;
    return http::json(200, boost::json::serialize(body));
}

awaitable<protocol_result<token_answer>> grant(provider& p, const token_request& request) {
    const auto type = request.form.get("grant_type");
    if (!type) co_return token_error::invalid_request("grant_type is missing");
    const bool known =
        *type == "authorization_code" || *type == "refresh_token" || *type == "client_credentials";
    if (!known) co_return token_error::unsupported_grant_type("this grant_type is not offered");
    if (!contains(request.client.client->grant_types, *type)) {
        co_return token_error::unauthorized_client(
            "the client is not registered for this grant_type");
    }
    if (*type == "authorization_code") co_return co_await redeem_authorization_code(p, request);
    if (*type == "refresh_token") co_return co_await redeem_refresh_token(p, request);
    co_return co_await issue_client_credentials(p, request);
}

awaitable<void> record_refusal(provider& p, const http::request& request, const client_id& client,
                               const protocol_error& error) {
    auto record = p.recorder.record_of(request, audit::event::token_refused, error.code);
    record.client = client;
    record.detail_json = audit::detail({{"description", error.description}});
    co_await p.recorder.append(std::move(record));
}

}  // namespace

awaitable<http::response> token_endpoint(provider& p, const http::request& request) {
    auto form = read_form_body(request);
    if (!form) co_return oauth::to_response(form.error());

    const auto client = co_await authenticate_client(p, request, *form);
    if (!client) {
        // The name is recorded only if it is a registered client's: the log is no place for what
        // anybody types.
        const auto named = p.registry.get()->find_client(claimed_client_id(request, *form));
        const auto recorded = named.registered ? named.registered->id : client_id();
        co_await record_refusal(p, request, recorded, client.error());
        co_return oauth::to_response(client.error());
    }
    const token_request grant_request{request, *form, *client};
    const auto answer = co_await grant(p, grant_request);
    form->wipe();
    if (!answer) {
        co_await record_refusal(p, request, client->client->id, answer.error());
        co_return oauth::to_response(answer.error());
    }
    co_return to_response(*answer);
}

}  // namespace kommpass::idp::oauth
