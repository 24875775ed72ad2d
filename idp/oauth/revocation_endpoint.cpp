#include "idp/oauth/revocation_endpoint.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/access_token.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

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

awaitable<http::response> revocation_endpoint::operator()(const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await clients_.authenticate(request, *form);
    if (!caller) co_return to_response(caller.error());
    const auto text = form->get("token");
    if (!text) co_return to_response(token_error::invalid_request("token is missing"));

    const auto refresh = refresh_token::parse(*text);
    const auto access =
        refresh ? std::nullopt : read_access_token(*text, issuer_, *keys_.get(), time_.now());
    const auto& client = caller->client->id;
    auto record = recorder_.record_of(request, audit::event::token_revoked, "by_client");
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
    const auto done = co_await memory_.write(work);
    if (!done)
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    co_return http::json(200, "{}");
}

}  // namespace kommpass::idp::oauth
