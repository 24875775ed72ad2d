#include "idp/oauth/revocation_endpoint.hpp"

#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/access_token.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/opaque_access_token.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/opaque_tokens.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

enum class outcome {
    nothing,  // unknown, expired, or a guess: answered like a success (RFC 7009, 2.2)
    revoked,
    not_yours,  // refused (RFC 7009, 2.1)
};

// Each token that the family ever gave out revokes it: an earlier one proves as much.
outcome revoke_family(store::transaction& t, const refresh_token& token, const client_id& client,
                      const jose::key_ring& keys, store::audit_record& record) {
    const auto family = t.families().find(token.family);
    if (!family || !was_issued(token, *family, keys)) return outcome::nothing;
    if (family->given.client != client) return outcome::not_yours;
    if (family->revoked) return outcome::nothing;
    t.families().revoke(token.family);
    record.member = family->given.member;
    record.person = family->given.person;
    return outcome::revoked;
}

outcome revoke_access_token(store::transaction& t, const access_token_claims& token,
                            const client_id& client) {
    if (token.client != client.view()) return outcome::not_yours;
    t.families().revoke_access_token(token.jti, token.expires_at);
    return outcome::revoked;
}

// RFC 7009, 2.1 refuses the request and names no code. RFC 6749, 5.2 has `invalid_grant` for a
// refresh token only, and this speaks of access tokens too: the request is what is wrong.
protocol_error not_yours() {
    return token_error::invalid_request("the token was issued to another client");
}

}  // namespace

awaitable<http::response> revocation_endpoint::operator()(const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await clients_.authenticate(request, *form);
    if (!caller) co_return to_response(caller.error());
    const auto text = form->get("token");
    if (!text) co_return to_response(token_error::invalid_request("token is missing"));

    const auto keys = keys_.get();
    const auto refresh = refresh_token::parse(*text);
    const auto access =
        refresh ? std::nullopt : read_access_token(*text, issuer_, *keys, time_.now());
    const auto now = time_.now();
    const auto opaque = is_opaque_access_token(*text) ? jose::sha256(*text) : std::string();
    const auto& client = caller->client->id;
    auto record = recorder_.record_of(request, audit::event::token_revoked, "by_client");
    record.client = client;
    auto work = [&](store::transaction& t) {
        auto done = outcome::nothing;
        if (refresh) done = revoke_family(t, *refresh, client, *keys, record);
        if (access) done = revoke_access_token(t, *access, client);
        const auto kept = opaque.empty() ? std::nullopt : t.opaque_tokens().find(opaque, now);
        if (kept) {
            const auto claims = read_access_token_claims(kept->claims_json, issuer_, now);
            if (claims) done = revoke_access_token(t, *claims, client);
        }
        if (done == outcome::revoked) t.audit().append(record);
        return done;
    };
    const auto done = co_await memory_.write(work);
    if (!done)
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    if (*done == outcome::not_yours) co_return to_response(not_yours());
    co_return http::json(200, "{}");
}

}  // namespace kommpass::idp::oauth
