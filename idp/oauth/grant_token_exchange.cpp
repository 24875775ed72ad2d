#include "idp/oauth/grant_token_exchange.hpp"

#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/consents.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/lifetimes.hpp"
#include "policies/snapshot.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

constexpr std::string_view access_token_type = "urn:ietf:params:oauth:token-type:access_token";
constexpr std::size_t longest_token = 16 * 1024;
constexpr std::size_t most_targets = 8;
constexpr int most_actors = 5;  // on the way from the person to the last application

// A token of the type that we exchange; nothing: it is not there.
protocol_result<std::string> token_in(const http::form& form, const std::string& name) {
    const auto text = form.get(name);
    const auto type = form.get(name + "_type");
    if (!text && !type) return std::string();
    if (!text || !type)
        return token_error::invalid_request(name + " and " + name + "_type belong together");
    if (*type != access_token_type)
        return token_error::invalid_request(name + "_type must be that of an access token");
    if (text->size() > longest_token) return token_error::invalid_request(name + " is too long");
    return std::string(*text);
}

std::vector<std::string> every_value(const http::form& form, std::string_view name) {
    std::vector<std::string> all;
    for (const auto& [key, value] : form.all()) {
        if (key == name && !value.empty() && std::find(all.begin(), all.end(), value) == all.end())
            all.push_back(value);
    }
    return all;
}

bool names(const access_token_claims& token, const policies::client& client) {
    if (token.is_for(client.id.view())) return true;
    return std::any_of(client.audiences.begin(), client.audiences.end(),
                       [&](const std::string& audience) { return token.is_for(audience); });
}

int actors_in(const boost::json::object& claims) {
    int count = 0;
    const auto* act = claims.if_contains("act");
    while (act != nullptr && act->is_object()) {
        ++count;
        act = act->get_object().if_contains("act");
    }
    return count;
}

std::optional<boost::json::object> acted_before(const boost::json::object& claims) {
    const auto* act = claims.if_contains("act");
    if (act == nullptr || !act->is_object()) return std::nullopt;
    return act->get_object();
}

// A key that a token is bound to must be proven here too: whoever was only shown the token, or took
// it, does not get another one for it.
std::optional<protocol_error> unproven_key(const live_token& token, const grant_caller& caller,
                                           std::string_view name) {
    const auto bound = confirmation_of(token.claims.all);
    if (!bound.exists() || bound == caller.key) return std::nullopt;
    const auto text = std::string(name) + " is bound to a key that the request did not prove";
    return bound.by == key_confirmation::kind::dpop ? token_error::invalid_dpop_proof(text)
                                                    : token_error::invalid_grant(text);
}

struct target {
    policies::client_entry entry{};
    std::vector<std::string> audiences;
};

bool has_audience(const policies::client& one, const std::string& name) {
    return std::find(one.audiences.begin(), one.audiences.end(), name) != one.audiences.end();
}

// The one client that everything asked for belongs to. Applications that do not know each other
// never share a token (RFC 9068, 5).
std::optional<target> target_of(const token_exchange_request& request,
                                const policies::client& asking,
                                const policies::snapshot& registry) {
    for (const auto& id : asking.token_exchange_targets) {
        const auto entry = registry.find_client(id.view());
        if (entry.registered == nullptr || entry.registered->audiences.empty()) continue;
        const auto& one = *entry.registered;
        target found{entry, {}};
        bool all = true;
        for (const auto& name : request.audiences) {
            if (has_audience(one, name)) {
                found.audiences.push_back(name);
            } else if (name == id.view()) {
                found.audiences = one.audiences;
            } else {
                all = false;
            }
        }
        for (const auto& uri : request.resources) {
            if (!has_audience(one, uri)) all = false;
            found.audiences.push_back(uri);
        }
        if (!all || found.audiences.empty()) continue;
        std::sort(found.audiences.begin(), found.audiences.end());
        found.audiences.erase(std::unique(found.audiences.begin(), found.audiences.end()),
                              found.audiences.end());
        return found;
    }
    return std::nullopt;
}

// Never more than the exchanged token has, nor than the target is registered for. What speaks of
// the person at our own endpoints, and what would renew itself, stays behind.
protocol_result<scope_list> narrowed(const token_exchange_request& request, const scope_list& had,
                                     const policies::client& of) {
    if (request.scope && !is_subset(*request.scope, had))
        return token_error::invalid_scope("scope is wider than the exchanged token's");
    auto scope = only_allowed(request.scope ? *request.scope : had, of.scopes);
    std::erase(scope, scopes::openid);
    std::erase(scope, scopes::offline_access);
    return scope;
}

}  // namespace

protocol_result<token_exchange_request> token_exchange_grant::parse(const http::form& form) {
    auto subject = token_in(form, "subject_token");
    if (!subject) return subject.error();
    if (subject->empty()) return token_error::invalid_request("subject_token is missing");
    auto actor = token_in(form, "actor_token");
    if (!actor) return actor.error();
    const auto wanted = form.get("requested_token_type");
    if (wanted && *wanted != access_token_type)
        return token_error::invalid_request("requested_token_type must be that of an access token");
    token_exchange_request request{*std::move(subject), *std::move(actor),
                                   every_value(form, "audience"), resources_in(form), std::nullopt};
    const auto targets = request.audiences.size() + request.resources.size();
    if (targets == 0) return token_error::invalid_request("audience or resource is missing");
    if (targets > most_targets) return token_error::invalid_target();
    if (const auto asked = form.get("scope")) {
        auto scope = parse_scope(*asked);
        if (!scope) return token_error::invalid_scope("scope has a character that it cannot have");
        request.scope = *std::move(scope);
    }
    return request;
}

token_exchange_grant::outcome<live_token> token_exchange_grant::subject_of(
    const grant_caller& caller, const token_exchange_request& request) {
    const auto refused = token_error::invalid_grant(
        "subject_token is expired, revoked, no person's, or not meant for this client");
    auto found = co_await tokens_.find(request.subject_token);
    if (!found && found.error() == token_trouble::store_unavailable)
        co_return token_error::temporarily_unavailable("the store does not answer");
    if (!found || !found->family || !names(found->claims, *caller.client.client)) co_return refused;
    if (auto wrong = unproven_key(*found, caller, "subject_token")) co_return *std::move(wrong);
    if (actors_in(found->claims.all) >= most_actors)
        co_return token_error::invalid_request("too many have acted for this person already");
    co_return *std::move(found);
}

awaitable<std::optional<protocol_error>> token_exchange_grant::judge_actor(
    const grant_caller& caller, const token_exchange_request& request) {
    if (request.actor_token.empty()) co_return std::nullopt;
    const auto actor = co_await tokens_.find(request.actor_token);
    if (!actor && actor.error() == token_trouble::store_unavailable)
        co_return token_error::temporarily_unavailable("the store does not answer");
    const auto& own = caller.client.client->id;
    if (actor && !actor->family && actor->claims.client == own.view())
        co_return unproven_key(*actor, caller, "actor_token");
    co_return token_error::invalid_request("actor_token is none of this client's own");
}

awaitable<std::optional<protocol_error>> token_exchange_grant::judge_person(
    const store::authorization& given, const policies::client& to, const scope_list& scope) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) -> std::optional<protocol_error> {
        if (!given.session.empty()) {
            const auto session = t.sessions().find(given.session);
            if (!session || session->expires_at <= now)
                return token_error::invalid_grant("the person's sign-in is over");
        }
        if (!to.consent) return std::nullopt;
        const auto agreed = t.consents().find(given.person, to.id);
        if (agreed && is_subset(scope, agreed->scope)) return std::nullopt;
        return token_error::invalid_grant("the person has not agreed to the target application");
    };
    auto judged = co_await memory_.read(work);
    if (!judged) co_return token_error::temporarily_unavailable("the store does not answer");
    co_return *std::move(judged);
}

grant_result token_exchange_grant::run(const grant_caller& caller,
                                       const token_exchange_request& request) {
    const auto& by = caller.client;
    const auto token = co_await subject_of(caller, request);
    if (!token) co_return token.error();
    if (auto wrong = co_await judge_actor(caller, request)) co_return *std::move(wrong);
    auto to = target_of(request, *by.client, *by.registry);
    if (!to) co_return token_error::invalid_target();
    const auto& target_client = *to->entry.registered;
    const auto scope = narrowed(request, token->claims.scope, target_client);
    if (!scope) co_return scope.error();
    const auto& given = token->family->given;
    if (auto wrong = co_await judge_person(given, target_client, *scope))
        co_return *std::move(wrong);

    const auto current =
        co_await identities_.look_up(given.member, given.directory, given.identity_json);
    if (current.too_long_unknown)
        co_return token_error::temporarily_unavailable("the member's directory does not answer");
    if (!current.who) co_return token_error::invalid_grant("the person has left");
    const auto now = time_.now();
    const auto decision =
        by.registry->decide({*current.who, given.person, local_day_of(now)}, *to->entry.owner);
    if (decision.verdict != policies::access::granted)
        co_return token_error::invalid_grant("the person may not use the target application");

    auto record = recorder_.record_of(caller.http, audit::event::token_issued, "ok");
    record.client = by.client->id;
    record.member = given.member;
    record.person = given.person;
    record.detail_json = audit::detail({{"grant", name}, {"target", target_client.id.view()}});
    if (!co_await recorder_.append(std::move(record)))
        co_return token_error::temporarily_unavailable("the store does not answer");
    const token_subject subject{
        given,         *current.who,     decision,
        target_client, *to->entry.owner, by.registry->find_member(given.member),
        *scope,        caller.key};
    const auto own_end = now + policies::access_token_lifetime(*to->entry.owner, target_client);
    const exchange acts{*by.client, std::move(to->audiences),
                        std::min(own_end, token->claims.expires_at),
                        acted_before(token->claims.all)};
    co_return answers_.for_exchange(subject, acts, now);
}

}  // namespace kommpass::idp::oauth
