// RFC 6749, 4.1.3, with PKCE (RFC 7636, 4.6) and OpenID Connect Core, 3.1.3.
#include "idp/audit/recorder.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/identity_json.hpp"

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_code = 128;

protocol_error wrong_code() {
    return token_error::invalid_grant(
        "the authorization code is unknown, expired or was already used");
}

// A code that reaches another client than its own, or comes with the wrong URI or verifier, is
// spent all the same.
std::optional<protocol_error> judge(const store::issued_code& code, const token_request& request) {
    if (code.given.client != request.client.client->id) return wrong_code();
    const auto uri = request.form.get("redirect_uri");
    if (!code.redirect_uri.empty() && uri != std::string_view(code.redirect_uri)) {
        return token_error::invalid_grant("redirect_uri differs from the authorization request");
    }
    const auto verifier = request.form.get("code_verifier");
    if (code.challenge.empty()) {
        if (!verifier) return std::nullopt;
        return token_error::invalid_grant("code_verifier was sent, but no code_challenge before");
    }
    if (!verifier || !pkce::verifies(code.challenge, *verifier)) {
        return token_error::invalid_grant("code_verifier does not match");
    }
    return std::nullopt;
}

struct redemption {
    std::optional<store::issued_code> code;
    bool replayed = false;
    std::optional<protocol_error> refused;
};

store::token_family family_of(const store::issued_code& code, const token_request& request,
                              std::string current_hash, instant now) {
    store::token_family family;
    family.given = code.given;
    family.current_hash = std::move(current_hash);
    family.issued_at = now;
    family.rotated_at = now;
    const auto& application = *request.client.application;
    family.expires_at = now + (family.current_hash.empty() ? application.access_token_lifetime
                                                           : application.refresh_token_lifetime);
    return family;
}

}  // namespace

grant_result redeem_authorization_code(provider& p, const token_request& request) {
    const auto text = request.form.get("code");
    if (!text) co_return token_error::invalid_request("code is missing");
    if (text->size() > longest_code) co_return wrong_code();

    const auto now = p.time.now();
    const auto code_hash = jose::sha256(*text);
    refresh_token refresh;
    auto record = p.recorder.record_of(request.http, audit::event::token_issued, "ok");
    record.client = request.client.client->id;
    record.detail_json = R"({"grant":"authorization_code"})";

    auto work = [&](store::transaction& t) {
        redemption outcome;
        auto found = t.codes().redeem(code_hash, now);
        if (auto* replay = std::get_if<store::code_replayed>(&found)) {
            t.families().revoke(replay->family);
            record.event = audit::name_of(audit::event::code_replayed);
            record.result = "revoked";
            t.audit().append(record);
            outcome.replayed = true;
            return outcome;
        }
        auto* code = std::get_if<store::issued_code>(&found);
        if (code == nullptr) return outcome;
        outcome.refused = judge(*code, request);
        if (!outcome.refused) {
            if (contains(request.client.client->grant_types, "refresh_token")) {
                refresh = refresh_token::make(code->given.family, p.random);
            }
            t.families().put(family_of(*code, request, refresh.hash, now));
            if (!code->given.session.empty())
                t.sessions().add_client(code->given.session, code->given.client);
            record.member = code->given.member;
            record.person = code->given.person;
            t.audit().append(record);
        }
        outcome.code = std::move(*code);
        return outcome;
    };
    auto outcome = co_await p.memory.write(work);
    if (!outcome) co_return token_error::temporarily_unavailable("the store does not answer");
    if (outcome->refused) co_return *outcome->refused;
    if (!outcome->code) co_return wrong_code();

    const auto& given = outcome->code->given;
    const auto who = sessions::identity_from_json(given.identity_json);
    if (!who) co_return token_error::invalid_grant("the sign-in is not readable any more");
    const auto& registry = *request.client.registry;
    const auto decision =
        registry.decide({*who, given.person, local_day_of(now)}, *request.client.application);
    if (decision.verdict != policies::access::granted) {
        co_return token_error::invalid_grant("the person may not use this application any more");
    }
    const auto keys = p.keys.get();
    token_maker maker(p.settings.issuer, *keys, p.random, now);
    const token_subject subject{given,
                                *who,
                                decision,
                                *request.client.client,
                                *request.client.application,
                                registry.find_member(given.member),
                                given.scope};
    token_answer answer;
    answer.access_token = maker.access_token(subject);
    answer.expires_in = request.client.application->access_token_lifetime;
    answer.scope = given.scope;
    answer.refresh_token = std::move(refresh.text);
    if (contains(given.scope, "openid")) {
        answer.id_token = maker.id_token(subject, outcome->code->nonce, answer.access_token);
    }
    co_return answer;
}

}  // namespace kommpass::idp::oauth
