#include "idp/oauth/grant_refresh_token.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/outages.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "policies/client_profile.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

protocol_error wrong_token() {
    return token_error::invalid_grant(
        "the refresh token is unknown, expired, revoked or was already used");
}

protocol_error wrong_key() {
    return token_error::invalid_dpop_proof(
        "the refresh token is bound to a key that the request did not prove");
}

// A public client has nothing but the key (RFC 9449, 5); one that proves itself in another way may
// take a new key, but does not go back to tokens without any.
bool proves_key_of(const store::token_family& family, const grant_caller& caller) {
    const auto bound = key_confirmation_in(family.given.bound_to);
    if (!bound.exists() || bound == caller.key) return true;
    return !caller.client.is_public() && caller.key.by == bound.by;
}

// Who proves two things with each refresh keeps the token: rotation would add nothing but the risk
// that a lost answer ends the family (FAPI 2.0 Security Profile, 5.3.2.1; RFC 9700, 4.14.2).
bool keeps_its_token(const grant_caller& caller) {
    if (policies::keeps_refresh_tokens(*caller.client.client)) return true;
    return !caller.client.is_public() && caller.key.exists();
}

protocol_result<scope_list> narrowed(const scope_list& granted,
                                     const std::optional<scope_list>& asked) {
    if (!asked) return granted;
    if (!is_subset(*asked, granted))
        return token_error::invalid_scope("scope is wider than what was granted");
    return *asked;
}

}  // namespace

protocol_result<refresh_token_request> refresh_token_grant::parse(const http::form& form) {
    const auto text = form.get("refresh_token");
    if (!text) return token_error::invalid_request("refresh_token is missing");
    auto token = refresh_token::parse(*text);
    if (!token) return wrong_token();
    refresh_token_request request{*std::move(token), std::nullopt, resources_in(form)};
    // What no scope can be was never granted either: it stands as one word, and is refused as wider
    // once the token is known to be good.
    if (const auto asked = form.get("scope"))
        request.scope = parse_scope(*asked).value_or(scope_list{std::string(*asked)});
    return request;
}

grant_result refresh_token_grant::run(const grant_caller& caller,
                                      const refresh_token_request& request) {
    const auto found = co_await find_family(caller, request.token);
    if (!found) co_return found.error();
    const auto& family = *found;
    const auto scope = narrowed(family.given.scope, request.scope);
    if (!scope) co_return scope.error();
    if (!are_allowed(request.resources, family.given.resources, *caller.client.client))
        co_return token_error::invalid_target();
    const auto person = co_await find_person(caller, family);
    if (!person) co_return person.error();

    const auto& by = caller.client;
    const auto decision = by.registry->decide(
        {*person->who, family.given.person, local_day_of(time_.now())}, *by.application);
    if (decision.verdict != policies::access::granted) {
        co_await end_family(caller, family, audit::event::token_revoked, "no_access");
        co_return token_error::invalid_grant("the person may not use this application any more");
    }
    const auto now = time_.now();
    auto next = co_await replace(caller, request.token, *person, now);
    if (!next) co_return next.error();
    auto given = family.given;
    if (!request.resources.empty()) given.resources = request.resources;
    const token_subject subject{given,           *person->who,
                                decision,        *by.client,
                                *by.application, by.registry->find_member(family.given.member),
                                *scope,          caller.key};
    co_return answers_.for_person(subject, {}, *std::move(next), now);
}

refresh_token_grant::outcome<store::token_family> refresh_token_grant::find_family(
    const grant_caller& caller, const refresh_token& token) {
    auto work = [&](store::transaction& t) { return t.families().find(token.family); };
    auto found = co_await memory_.read(work);
    if (!found) co_return token_error::temporarily_unavailable("the store does not answer");
    if (!*found || (*found)->given.client != caller.client.client->id) co_return wrong_token();

    auto& family = **found;
    const bool proven = proves_key_of(family, caller);
    switch (judge(caller, token, family)) {
        case standing::current:
            if (!proven) co_return wrong_key();
            co_return std::move(family);
        case standing::repeated:
            if (proven) co_return std::move(family);
            break;  // a client that never saw our answer has its key still
        case standing::never_issued:
        case standing::ended:
            co_return wrong_token();
        case standing::reused:
            break;
    }
    co_await end_family(caller, family, audit::event::refresh_token_reuse_detected, "revoked");
    co_return wrong_token();
}

standing refresh_token_grant::judge(const grant_caller& caller, const refresh_token& token,
                                    const store::token_family& family) const {
    const auto now = time_.now();
    if (lay_idle(family, *caller.client.client, now)) return standing::ended;
    // What was answered while the store took nothing may never have arrived.
    const auto since = std::chrono::ceil<std::chrono::seconds>(outages_.looks_back(now));
    return standing_of(token, family, *keys_.get(),
                       std::max(caller.client.application->refresh_reuse_grace, since), now);
}

refresh_token_grant::outcome<sessions::current_identity> refresh_token_grant::find_person(
    const grant_caller& caller, const store::token_family& family) {
    const auto& given = family.given;
    auto current = co_await identities_.look_up(given.member, given.directory, given.identity_json);
    if (current.too_long_unknown)
        co_return token_error::temporarily_unavailable("the member's directory does not answer");
    if (current.who) co_return current;
    co_await end_person(caller, family);
    co_return wrong_token();
}

// Judged again in the unit of work that replaces it: another request with the same token may have
// been quicker, or the family ended meanwhile. A repeated token gets the one that took its place,
// so that requests at the same time all hold the same one.
refresh_token_grant::outcome<std::string> refresh_token_grant::replace(
    const grant_caller& caller, const refresh_token& token,
    const sessions::current_identity& person, instant now) {
    const auto& member_of_token = person.who->member;
    const auto keys = keys_.get();
    const auto new_seed = random_.token(32);
    bool repeated = false;
    auto work = [&](store::transaction& t) -> std::string {
        const auto family = t.families().find(token.family);
        if (!family) return {};
        const auto stands = judge(caller, token, *family);
        if (stands == standing::ended || stands == standing::never_issued) return {};
        if (stands == standing::reused) {
            end_family(t, caller, *family, audit::event::refresh_token_reuse_detected, "revoked");
            return {};
        }
        if (stands == standing::repeated && !family->seed.empty()) {
            repeated = true;
            return refresh_token::derive(token.family, family->seed, family->generation, *keys)
                .text;
        }
        const bool kept = keeps_its_token(caller) && !family->seed.empty();
        store::rotation to;
        to.expected_current = family->current_hash;
        to.seed = family->seed.empty() ? new_seed : family->seed;
        to.generation = kept ? family->generation : family->generation + 1;
        to.replaced = kept ? family->replaced : replaced_with(*family, now);
        to.identity_json =
            person.from_memory ? family->given.identity_json : sessions::to_json(*person.who);
        to.at = now;
        const auto next = refresh_token::derive(token.family, to.seed, to.generation, *keys);
        to.next = next.hash;
        if (!t.families().rotate(token.family, to)) return {};
        t.audit().append(
            record_for(caller, *family, audit::event::refresh_token_rotated, kept ? "kept" : "ok"));
        return next.text;
    };
    auto next = co_await memory_.write(work);
    if (!next) co_return token_error::temporarily_unavailable("the store does not answer");
    if (next->empty()) co_return wrong_token();
    if (repeated) {  // changes nothing, as often as it comes: it may be counted
        auto record =
            recorder_.record_of(caller.http, audit::event::refresh_token_rotated, "repeated");
        record.client = caller.client.client->id;
        record.member = member_of_token;
        const bool written = co_await recorder_.append(std::move(record));
        if (!written) co_return token_error::temporarily_unavailable("the store does not answer");
    }
    co_return *std::move(next);
}

store::audit_record refresh_token_grant::record_for(const grant_caller& caller,
                                                    const store::token_family& family,
                                                    audit::event event,
                                                    std::string_view result) const {
    auto record = recorder_.record_of(caller.http, event, result);
    record.client = caller.client.client->id;
    record.member = family.given.member;
    record.person = family.given.person;
    return record;
}

// Once: of requests at the same time, the others find it ended.
void refresh_token_grant::end_family(store::transaction& t, const grant_caller& caller,
                                     const store::token_family& family, audit::event event,
                                     std::string_view result) const {
    const auto now = t.families().find(family.given.family);
    if (!now || now->revoked) return;
    t.families().revoke(family.given.family);
    t.audit().append(record_for(caller, family, event, result));
}

awaitable<void> refresh_token_grant::end_family(const grant_caller& caller,
                                                const store::token_family& family,
                                                audit::event event, std::string_view result) {
    auto work = [&](store::transaction& t) { end_family(t, caller, family, event, result); };
    co_await memory_.write(work);
}

awaitable<void> refresh_token_grant::end_person(const grant_caller& caller,
                                                const store::token_family& family) {
    const auto record =
        record_for(caller, family, audit::event::session_ended_all, "left_the_directory");
    auto work = [&](store::transaction& t) {
        sessions::end_all_access(t, family.given.person, family.given.member, record);
    };
    co_await memory_.write(work);
}

}  // namespace kommpass::idp::oauth
