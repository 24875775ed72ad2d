#include "idp/oauth/token_endpoint.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/opaque_tokens.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/encrypted_answer.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/possession.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

}  // namespace

protocol_result<const grant*> find_grant(const grants& offered, const authenticated_client& client,
                                         const http::form& form) {
    const auto type = form.get("grant_type");
    if (!type) return token_error::invalid_request("grant_type is missing");
    const auto* found = offered.named(*type);
    if (found == nullptr)
        return token_error::unsupported_grant_type("this grant_type is not offered");
    if (!contains(client.client->grant_types, found->name))
        return token_error::unauthorized_client("the client is not registered for this grant_type");
    if (found->confidential_only && client.is_public())
        return token_error::unauthorized_client(std::string(found->name) +
                                                " is for confidential clients");
    return found;
}

grant_result token_endpoint::run_grant(const http::request& request,
                                       const authenticated_client& client, const http::form& form,
                                       proven_possession& proven) const {
    const auto wanted = find_grant(offered_, client, form);
    if (!wanted) co_return wanted.error();
    // Before the grant spends anything: a client that is asked for a nonce comes again.
    auto shown = co_await possession_.of_client(request, *client.client);
    if (!shown) co_return shown.error();
    proven = std::move(*shown);
    const grant_caller caller{request, client, proven.key};
    co_return co_await (*wanted)->run(caller, form);
}

awaitable<http::response> token_endpoint::operator()(const http::request& request) {
    auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());

    const auto client = co_await clients_.authenticate(request, *form);
    if (!client) {
        // The name is recorded only if it is a registered client's: the log is no place for what
        // anybody types.
        const auto registry = registry_.get();
        const auto named = registry->find_client(claimed_client_id(request, *form));
        const auto recorded = named.registered ? named.registered->id : client_id();
        co_await record_refusal(request, recorded, client.error());
        co_return to_response(client.error());
    }
    proven_possession proven;
    auto answer = co_await run_grant(request, *client, *form, proven);
    form->wipe();
    if (!answer) {
        if (!is_wait(answer.error()))
            co_await record_refusal(request, client->client->id, answer.error());
        co_return to_response(answer.error());
    }
    auto id_token = id_token_for(*client->client, std::move(answer->id_token));
    if (!id_token) {
        co_await record_refusal(request, client->client->id, id_token.error());
        co_return to_response(id_token.error());
    }
    answer->id_token = std::move(*id_token);
    if (answer->to_keep && !co_await keep(*answer->to_keep))
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    auto given = to_response(*answer);
    offer_nonce(given, proven);
    co_return given;
}

awaitable<bool> token_endpoint::keep(const store::opaque_token& token) {
    auto work = [&](store::transaction& t) { t.opaque_tokens().put(token); };
    const auto done = co_await memory_.write(work);
    co_return done.has_value();
}

awaitable<void> token_endpoint::record_refusal(const http::request& request,
                                               const client_id& client,
                                               const protocol_error& error) {
    auto record = recorder_.record_of(request, audit::event::token_refused, error.code);
    record.client = client;
    record.detail_json = audit::detail({{"description", error.description}});
    co_await recorder_.append(std::move(record));
}

}  // namespace kommpass::idp::oauth
