#include "idp/oauth/grant_authorization_code.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "policies/lifetimes.hpp"

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_code = 128;

protocol_error wrong_code() {
    return token_error::invalid_grant(
        "the authorization code is unknown, expired or was already used");
}

// A code that reaches another client than its own, or comes with the wrong URI, verifier or key, is
// spent all the same.
std::optional<protocol_error> judge(const store::issued_code& code, const client_id& client,
                                    const key_confirmation& key,
                                    const authorization_code_request& request) {
    if (code.given.client != client) return wrong_code();
    if (!code.given.bound_to.empty() && code.given.bound_to != to_text(key))
        return token_error::invalid_dpop_proof("the code was asked for with another DPoP key");
    if (!code.redirect_uri.empty() && request.redirect_uri != code.redirect_uri) {
        return token_error::invalid_grant("redirect_uri differs from the authorization request");
    }
    const auto& verifier = request.code_verifier;
    if (code.challenge.empty()) {
        if (!verifier) return std::nullopt;
        return token_error::invalid_grant("code_verifier was sent, but no code_challenge before");
    }
    if (!verifier || !pkce::verifies(code.challenge, verifier->reveal())) {
        return token_error::invalid_grant("code_verifier does not match");
    }
    return std::nullopt;
}

// Whoever ended the session since the code was issued meant its codes too, and those for offline
// access.
bool session_lives(store::transaction& t, const store::issued_code& code, instant now) {
    const auto session = t.sessions().find(code.given.session);
    return session && session->expires_at > now;
}

store::token_family family_of(const store::issued_code& code, const key_confirmation& key,
                              std::chrono::seconds lifetime, instant now) {
    store::token_family family;
    family.given = code.given;
    family.given.bound_to = to_text(key);
    family.issued_at = now;
    family.rotated_at = now;
    family.expires_at = now + lifetime;
    return family;
}

struct redemption {
    std::optional<store::issued_code> code;  // nothing: unknown, expired or already used
    std::optional<protocol_error> refused;
    std::string refresh_token;      // empty: the client gets none
    bool replayed_in_vain = false;  // used again, when nothing was left to end
};

// A code that comes again ends everything that it gave (RFC 6749, 4.1.2), with its record. True: it
// did. There is nothing to end where it gave nothing, or that was ended before.
bool end_what_it_gave(store::transaction& t, const std::string& family,
                      store::audit_record record) {
    const auto given = t.families().find(family);
    if (!given || given->revoked) return false;
    t.families().revoke(family);
    record.event = audit::name_of(audit::event::code_replayed);
    record.result = "revoked";
    record.member = given->given.member;
    record.person = given->given.person;
    t.audit().append(record);
    return true;
}

// Takes the code out, once, and writes down what is given for it. `record` tells of it, in the same
// unit of work.
redemption redeem(store::transaction& t, const authenticated_client& by,
                  const key_confirmation& key, const authorization_code_request& request,
                  const jose::key_ring& keys, const std::string& seed, store::audit_record record,
                  instant now) {
    auto found = t.codes().redeem(request.code_hash, now);
    if (const auto* replay = std::get_if<store::code_replayed>(&found)) {
        redemption nothing;
        nothing.replayed_in_vain = !end_what_it_gave(t, replay->family, std::move(record));
        return nothing;
    }
    auto* code = std::get_if<store::issued_code>(&found);
    if (code == nullptr) return {};
    redemption outcome;
    outcome.refused = judge(*code, by.client->id, key, request);
    if (!outcome.refused && !session_lives(t, *code, now)) outcome.refused = wrong_code();
    if (!outcome.refused && !are_allowed(request.resources, code->given.resources, *by.client))
        outcome.refused = token_error::invalid_target();
    if (!outcome.refused) {
        const auto& application = *by.application;
        auto family =
            family_of(*code, key, policies::access_token_lifetime(application, *by.client), now);
        if (contains(by.client->grant_types, policies::grant_types::refresh_token)) {
            auto first = refresh_token::derive(code->given.family, seed, 0, keys);
            family.seed = seed;
            family.current_hash = first.hash;
            family.expires_at = now + policies::refresh_token_lifetime(application, *by.client);
            outcome.refresh_token = std::move(first.text);
        }
        t.families().put(family);
        t.sessions().add_client(code->given.session, code->given.client);
        record.member = code->given.member;
        record.person = code->given.person;
        t.audit().append(record);
    }
    outcome.code = std::move(*code);
    return outcome;
}

}  // namespace

protocol_result<authorization_code_request> authorization_code_grant::parse(
    const http::form& form) {
    const auto code = form.get("code");
    if (!code) return token_error::invalid_request("code is missing");
    if (code->size() > longest_code) return wrong_code();
    authorization_code_request request;
    request.code_hash = jose::sha256(*code);
    if (const auto uri = form.get("redirect_uri")) request.redirect_uri = std::string(*uri);
    if (const auto verifier = form.get("code_verifier")) request.code_verifier.emplace(*verifier);
    request.resources = resources_in(form);
    return request;
}

grant_result authorization_code_grant::run(const grant_caller& caller,
                                           const authorization_code_request& request) {
    return give_for_code(caller, request, name);
}

grant_result authorization_code_grant::give_for_code(const grant_caller& caller,
                                                     const authorization_code_request& request,
                                                     std::string_view grant) {
    const auto now = time_.now();
    auto record = recorder_.record_of(caller.http, audit::event::token_issued, "ok");
    record.client = caller.client.client->id;
    record.detail_json = audit::detail({{"grant", grant}});
    const auto keys = keys_.get();
    const auto seed = random_.token(32);
    auto work = [&](store::transaction& t) {
        return redeem(t, caller.client, caller.key, request, *keys, seed, record, now);
    };
    auto outcome = co_await memory_.write(work);
    if (!outcome) co_return token_error::temporarily_unavailable("the store does not answer");
    if (outcome->refused) co_return *outcome->refused;
    if (outcome->replayed_in_vain) {  // as often as anybody likes, so it may be counted
        auto again = recorder_.record_of(caller.http, audit::event::code_replayed, "again");
        again.client = caller.client.client->id;
        co_await recorder_.append(std::move(again));
    }
    if (!outcome->code) co_return wrong_code();
    co_return answer_for(caller, *outcome->code, request.resources,
                         std::move(outcome->refresh_token), now);
}

protocol_result<token_answer> authorization_code_grant::answer_for(const grant_caller& caller,
                                                                   const store::issued_code& code,
                                                                   const resource_list& resources,
                                                                   std::string refresh_token,
                                                                   instant now) const {
    const auto& by = caller.client;
    auto given = code.given;
    if (!resources.empty()) given.resources = resources;
    const auto who = sessions::identity_from_json(given.identity_json);
    if (!who) return token_error::invalid_grant("the sign-in is not readable any more");
    const auto decision =
        by.registry->decide({*who, given.person, local_day_of(now)}, *by.application);
    if (decision.verdict != policies::access::granted)
        return token_error::invalid_grant("the person may not use this application any more");
    const token_subject subject{given,           *who,
                                decision,        *by.client,
                                *by.application, by.registry->find_member(given.member),
                                given.scope,     caller.key};
    return answers_.for_person(subject, code.nonce, std::move(refresh_token), now);
}

}  // namespace kommpass::idp::oauth
