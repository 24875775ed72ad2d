#include "idp/oauth/revocation_endpoint.hpp"

#include "idp/audit/recorder.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/tokens.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

// True if there was something to revoke. The family's previous token revokes it too: it proves as
// much.
bool revoke_family(store::transaction& t, const refresh_token& token, const client_id& client,
                   store::audit_record& record) {
    const auto family = t.families().find(token.family);
    if (!family || family->given.client != client) return false;
    if (!equal_in_constant_time(family->current_hash, token.hash) &&
        !equal_in_constant_time(family->previous_hash, token.hash)) {
        return false;
    }
    t.families().revoke(token.family);
    record.member = family->given.member;
    record.person = family->given.person;
    return true;
}

}  // namespace

awaitable<http::response> revocation_endpoint(provider& p, const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await authenticate_client(p, request, *form);
    if (!caller) co_return to_response(caller.error());
    const auto text = form->get("token");
    if (!text) co_return to_response(token_error::invalid_request("token is missing"));

    const auto refresh = refresh_token::parse(*text);
    const auto access =
        refresh ? std::nullopt
                : read_access_token(*text, p.settings.issuer, *p.keys.get(), p.time.now());
    const auto& client = caller->client->id;
    auto record = p.recorder.record_of(request, audit::event::token_revoked, "by_client");
    record.client = client;
    auto work = [&](store::transaction& t) {
        bool revoked = false;
        if (refresh) revoked = revoke_family(t, *refresh, client, record);
        if (access && access->client == client.view()) {
            t.families().revoke_access_token(access->jti, access->expires_at);
            revoked = true;
        }
        if (revoked) t.audit().append(record);
    };
    const auto done = co_await p.memory.write(work);
    if (!done)
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    co_return http::json(200, "{}");
}

}  // namespace kommpass::idp::oauth
