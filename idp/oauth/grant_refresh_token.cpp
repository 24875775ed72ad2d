// RFC 6749, 6, with rotation and reuse detection (RFC 9700, 4.14.2) and OpenID Connect Core, 12.
#include "idp/audit/recorder.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/identity_json.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

protocol_error wrong_token() {
    return token_error::invalid_grant(
        "the refresh token is unknown, expired, revoked or was already used");
}

enum class standing { valid, answer_was_lost, reused, ended };

// `previous_hash` within the grace is a client that never saw our last answer.
standing standing_of(const store::token_family& family, const refresh_token& token,
                     const policies::application& application, instant now) {
    if (family.revoked || family.expires_at <= now) return standing::ended;
    if (equal_in_constant_time(family.current_hash, token.hash)) return standing::valid;
    const bool was_the_last = equal_in_constant_time(family.previous_hash, token.hash);
    if (was_the_last && now - family.rotated_at < application.refresh_reuse_grace) {
        return standing::answer_was_lost;
    }
    return standing::reused;
}

store::audit_record record_for(provider& p, const token_request& request,
                               const store::token_family& family, audit::event event,
                               std::string_view result) {
    auto record = p.recorder.record_of(request.http, event, result);
    record.client = request.client.client->id;
    record.member = family.given.member;
    record.person = family.given.person;
    return record;
}

awaitable<void> end_family(provider& p, const token_request& request,
                           const store::token_family& family, audit::event event,
                           std::string_view result) {
    const auto record = record_for(p, request, family, event, result);
    const auto id = family.given.family;
    auto work = [&](store::transaction& t) {
        t.families().revoke(id);
        t.audit().append(record);
    };
    co_await p.memory.write(work);
}

awaitable<void> end_person(provider& p, const token_request& request,
                           const store::token_family& family) {
    const auto record =
        record_for(p, request, family, audit::event::session_ended_all, "left_the_directory");
    auto work = [&](store::transaction& t) {
        sessions::end_all_access(t, family.given.person, family.given.member, record);
    };
    co_await p.memory.write(work);
}

protocol_result<scope_list> narrowed_scope(const token_request& request,
                                           const scope_list& granted) {
    const auto asked = request.form.get("scope");
    if (!asked) return granted;
    const auto parsed = parse_scope(*asked);
    if (!parsed || !is_subset(*parsed, granted)) {
        return token_error::invalid_scope("scope is wider than what was granted");
    }
    return *parsed;
}

awaitable<protocol_result<store::token_family>> find_family(provider& p,
                                                            const token_request& request,
                                                            const refresh_token& token) {
    auto work = [&](store::transaction& t) { return t.families().find(token.family); };
    auto found = co_await p.memory.read(work);
    if (!found) co_return token_error::temporarily_unavailable("the store does not answer");
    if (!*found || (*found)->given.client != request.client.client->id) co_return wrong_token();

    auto& family = **found;
    switch (standing_of(family, token, *request.client.application, p.time.now())) {
        case standing::valid:
        case standing::answer_was_lost:
            co_return std::move(family);
        case standing::ended:
            co_return wrong_token();
        case standing::reused:
            break;
    }
    co_await end_family(p, request, family, audit::event::refresh_token_reuse_detected, "revoked");
    co_return wrong_token();
}

}  // namespace

grant_result redeem_refresh_token(provider& p, const token_request& request) {
    const auto text = request.form.get("refresh_token");
    if (!text) co_return token_error::invalid_request("refresh_token is missing");
    const auto presented = refresh_token::parse(*text);
    if (!presented) co_return wrong_token();
    auto found = co_await find_family(p, request, *presented);
    if (!found) co_return found.error();
    auto& family = *found;
    auto scope = narrowed_scope(request, family.given.scope);
    if (!scope) co_return scope.error();

    const auto current = co_await p.identities.look_up(family.given.member, family.given.directory,
                                                       family.given.identity_json);
    if (current.too_long_unknown)
        co_return token_error::temporarily_unavailable("the member's directory does not answer");
    if (!current.who) {
        co_await end_person(p, request, family);
        co_return wrong_token();
    }
    const auto& registry = *request.client.registry;
    const auto decision =
        registry.decide({*current.who, family.given.person, local_day_of(p.time.now())},
                        *request.client.application);
    if (decision.verdict != policies::access::granted) {
        co_await end_family(p, request, family, audit::event::token_revoked, "no_access");
        co_return token_error::invalid_grant("the person may not use this application any more");
    }

    const auto now = p.time.now();
    const auto next = refresh_token::make(presented->family, p.random);
    const auto identity_json =
        current.from_memory ? family.given.identity_json : sessions::to_json(*current.who);
    const auto record = record_for(p, request, family, audit::event::refresh_token_rotated, "ok");
    auto work = [&](store::transaction& t) {
        if (!t.families().rotate(presented->family, family.current_hash, next.hash, identity_json,
                                 now))
            return false;
        t.audit().append(record);
        return true;
    };
    const auto rotated = co_await p.memory.write(work);
    if (!rotated) co_return token_error::temporarily_unavailable("the store does not answer");
    if (!*rotated) {  // two requests with one token at the same moment: the second is a reuse
        co_await end_family(p, request, family, audit::event::refresh_token_reuse_detected,
                            "revoked");
        co_return wrong_token();
    }

    const auto keys = p.keys.get();
    token_maker maker(p.settings.issuer, *keys, p.random, now);
    const token_subject subject{family.given,
                                *current.who,
                                decision,
                                *request.client.client,
                                *request.client.application,
                                registry.find_member(family.given.member),
                                *scope};
    token_answer answer;
    answer.access_token = maker.access_token(subject);
    answer.expires_in = request.client.application->access_token_lifetime;
    answer.scope = *scope;
    answer.refresh_token = next.text;
    if (contains(*scope, "openid"))
        answer.id_token = maker.id_token(subject, {}, answer.access_token);
    co_return answer;
}

}  // namespace kommpass::idp::oauth
