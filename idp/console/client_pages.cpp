// A client's registration, its secret, what it gets and what goes wrong for it.
#include "idp/admin/actor.hpp"
#include "idp/admin/client_claims.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/console/client_details.hpp"
#include "idp/console/client_security.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/console/shown_once.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/web/catalogue.hpp"
#include "policies/words.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;
namespace words = policies::words;
using policies::client_authentication;

struct shown_client {
    policies::snapshot_ptr registry;
    const policies::application* owner = nullptr;
    policies::client client;
    bool is_new = false;
    std::string secret;  // just made
};

template <class Enum, std::size_t Size>
std::vector<std::pair<std::string, std::string>> every_word(const words::table<Enum, Size>& all) {
    std::vector<std::pair<std::string, std::string>> list;
    for (const auto& [word, unused] : all) list.emplace_back(word, word);
    return list;
}

bool has_word(const std::vector<std::string>& all, std::string_view word) {
    return std::find(all.begin(), all.end(), word) != all.end();
}

void put_registration(const console_request& v, page_data& data, const policies::client& one) {
    put(data, "id", one.id.str());
    put(data, "purpose", one.purpose);
    put_list(data, "authentications",
             options(every_word(words::authentications),
                     std::string(words::word_for(words::authentications, one.authentication))));
    put_list(data, "subjects",
             options(every_word(words::subjects),
                     std::string(words::word_for(words::subjects, one.subject))));
    put(data, "redirect_uris", joined(one.redirect_uris, "\n"));
    put(data, "post_logout_redirect_uris", joined(one.post_logout_redirect_uris, "\n"));
    put(data, "backchannel_logout_uri", one.backchannel_logout_uri);
    put(data, "frontchannel_logout_uri", one.frontchannel_logout_uri);
    put(data, "scopes", joined(one.scopes, " "));
    put(data, "audiences", joined(one.audiences, " "));
    put(data, "jwks", one.jwks);
    flag(data, "refresh", has_word(one.grant_types, "refresh_token"));
    flag(data, "claims_in_id_token", one.claims_in_id_token);
    flag(data, "foreign_mail", one.foreign_mail == policies::foreign_mail::unverified);
    flag(data, "consent", one.consent);
    put_security(data, one);
    put_details(v, data, one);
    put(data, "why", v.in_form("why"));
}

std::string joined_ids(const std::vector<client_id>& ids) {
    std::string text;
    for (const auto& one : ids) text += (text.empty() ? "" : ", ") + one.str();
    return text;
}

// "ECDH-ES, A256GCM"; empty: none.
std::string encryption(const std::optional<policies::key_management>& alg,
                       policies::content_encryption enc) {
    if (!alg) return {};
    return std::string(words::word_for(words::key_managements, *alg)) + ", " +
           std::string(words::word_for(words::content_encryptions, enc));
}

// What the form has in its closed groups, so that whoever approves sees the whole registration.
facts_list more_of(const console_request& v, const policies::client& one) {
    const auto word = [](const auto& table, auto value) {
        return std::string(words::word_for(table, value));
    };
    const auto yes_no = [&](bool so) { return v.text(so ? "console.yes" : "console.no"); };
    const auto seconds = [](const std::optional<std::chrono::seconds>& time) {
        return time ? std::to_string(time->count()) + " s" : "";
    };
    return {
        {v.text("clients.id"), one.id.str()},
        {v.text("clients.grant_types"), joined(one.grant_types)},
        {v.text("clients.token_exchange_targets"), joined_ids(one.token_exchange_targets)},
        {v.text("clients.sector"), one.sector},
        {v.text("clients.require_pkce"), yes_no(one.require_pkce)},
        {v.text("clients.require_pushed"), yes_no(one.require_pushed_authorization_requests)},
        {v.text("clients.require_signed"), yes_no(one.require_signed_request_object)},
        {v.text("clients.request_object_alg"),
         one.request_object_alg ? word(words::algorithms, *one.request_object_alg) : ""},
        {v.text("clients.request_uris"), joined(one.request_uris)},
        {v.text("clients.details_types"), joined(one.authorization_details_types)},
        {v.text("clients.response_modes"), joined(one.response_modes)},
        {v.text("clients.response_alg"),
         one.authorization_response_alg ? word(words::algorithms, *one.authorization_response_alg)
                                        : ""},
        {v.text("clients.require_auth_time"), yes_no(one.require_auth_time)},
        {v.text("clients.default_max_age"), seconds(one.default_max_age)},
        {v.text("clients.default_acr_values"), joined(one.default_acr_values)},
        {v.text("clients.id_token_alg"), word(words::algorithms, one.id_token_alg)},
        {v.text("clients.access_token_alg"), word(words::algorithms, one.access_token_alg)},
        {v.text("clients.userinfo_alg"),
         one.userinfo_alg ? word(words::algorithms, *one.userinfo_alg) : ""},
        {v.text("clients.introspection_alg"),
         one.introspection_alg ? word(words::algorithms, *one.introspection_alg) : ""},
        {v.text("clients.access_token_format"),
         word(words::access_token_formats, one.access_token_format)},
        {v.text("clients.logout_token_typ"), word(words::logout_token_typs, one.logout_token_typ)},
        {v.text("clients.access_token_lifetime"), seconds(one.access_token_lifetime)},
        {v.text("clients.refresh_token_lifetime"), seconds(one.refresh_token_lifetime)},
        {v.text("clients.refresh_token_idle_time"), seconds(one.refresh_token_idle_time)},
        {v.text("clients.id_token_encryption"),
         encryption(one.id_token_encryption_alg, one.id_token_encryption_enc)},
        {v.text("clients.userinfo_encryption"),
         encryption(one.userinfo_encryption_alg, one.userinfo_encryption_enc)},
        {v.text("clients.initiate_login_uri"), one.initiate_login_uri},
        {v.text("clients.policy_uri"), one.policy_uri},
        {v.text("clients.tos_uri"), one.tos_uri},
        {v.text("clients.logo_uri"), one.logo_uri}};
}

page show_client(console_request& v, const shown_client& shown) {
    page_data data;
    const auto& one = shown.client;
    put(data, "key", shown.owner->key.str());
    put(data, "client", shown.is_new ? "new" : one.id.str());
    put(data, "expected", std::to_string(v.revision()));
    put(data, "digest", version_of(shown.owner->key, one).digest);
    put_registration(v, data, one);
    flag(data, "is_new", shown.is_new);
    flag(data, "may_change", may_change_clients(v.who, *shown.owner));
    const bool waits = one.state == policies::grant_state::requested;
    if (waits) put(data, "client_note", v.text("clients.waits"));
    flag(
        data, "may_approve",
        waits && v.who.may_everywhere(operation::change_application) && one.asked_by != v.who.id());
    const bool by_secret = one.authentication == client_authentication::client_secret_basic ||
                           one.authentication == client_authentication::client_secret_post;
    flag(data, "uses_secret", by_secret);
    flag(data, "two_secrets", one.secret_sha256.size() > 1);
    put(data, "secret", shown.secret);
    std::vector<std::string> ids{one.asked_by, one.approved_by};
    const auto names = co_await names_for(v.at, std::move(ids));
    auto facts = more_of(v, one);
    facts.insert(
        facts.end(),
        {{v.text("clients.secrets"), by_secret ? std::to_string(one.secret_sha256.size()) : ""},
         {v.text("console.asked_by"), name_in(names, one.asked_by)},
         {v.text("console.asked_on"), day_or_nothing(v, one.asked_on)},
         {v.text("console.approved_by"), name_in(names, one.approved_by)},
         {v.text("console.approved_on"), day_or_nothing(v, one.approved_on)}});
    put_facts(data, facts);
    const bool sees = !shown.is_new && may_see_failures(v.who, *shown.owner);
    flag(data, "may_see_failures", sees);
    std::vector<page_data> failures;
    if (sees) {
        const auto found = co_await client_failures(v.at, v.who, shown.owner->key, one.id);
        if (found) {
            for (const auto& failure : *found) {
                page_data row;
                put(row, "failed_at", v.time_text(failure.at));
                put(row, "failed_result", failure.result);
                put(row, "failed_text", failure.description);
                failures.push_back(std::move(row));
            }
        }
    }
    put_list(data, "failures", std::move(failures));
    co_return show(v, "console_client", shown.is_new ? v.text("clients.new") : one.id.str(),
                   std::move(data));
}

// The client of the address.
answer<shown_client> asked_client(const console_request& v) {
    const auto id = v.segment(3);
    auto found = find_client(v.at, v.who, application_key(v.segment(1)),
                             client_id(id == "new" ? std::string() : id));
    if (!found) return found.error();
    const bool is_new = found->document == nullptr;
    return shown_client{std::move(found->registry),
                        found->owner,
                        is_new ? policies::client() : *found->document,
                        is_new,
                        {}};
}

// The form over what is registered; `problem` is what of it cannot be read.
policies::client client_in(console_request& v, policies::client one) {
    const auto word = [&](const char* name, const auto& known, auto& into) {
        const auto text = v.in_form(name);
        for (const auto& [known_word, value] : known) {
            if (known_word == text) into = value;
        }
    };
    if (one.id.empty()) one.id = client_id(v.in_form("id"));
    one.purpose = v.in_form("purpose");
    word("authentication", words::authentications, one.authentication);
    word("subject", words::subjects, one.subject);
    one.redirect_uris = words_in(v.in_form("redirect_uris"));
    one.post_logout_redirect_uris = words_in(v.in_form("post_logout_redirect_uris"));
    one.backchannel_logout_uri = v.in_form("backchannel_logout_uri");
    one.frontchannel_logout_uri = v.in_form("frontchannel_logout_uri");
    one.scopes = words_in(v.in_form("scopes"));
    one.audiences = words_in(v.in_form("audiences"));
    one.jwks = v.in_form("jwks");
    v.problem = take_details(v, one);
    std::erase(one.grant_types, "refresh_token");
    if (v.in_form("refresh") == "yes") one.grant_types.emplace_back("refresh_token");
    one.claims_in_id_token = v.in_form("claims_in_id_token") == "yes";
    one.foreign_mail = v.in_form("foreign_mail") == "yes" ? policies::foreign_mail::unverified
                                                          : policies::foreign_mail::omit;
    one.consent = v.in_form("consent") == "yes";
    take_security(v, one);
    return one;
}

std::string here(const policies::application& owner, const client_id& id) {
    return "/console/applications/" + owner.key.str() + "/clients/" + id.str();
}

page save(console_request& v, shown_client shown) {
    auto wanted = client_in(v, shown.client);
    if (v.problem) {
        shown.client = std::move(wanted);
        co_return co_await show_client(v, shown);
    }
    const auto expected = v.in_form("expected");
    std::optional<long long> revision;
    // No number is a revision that is over.
    if (!expected.empty()) revision = http::decimal_number(expected).value_or(0);
    const auto saved =
        co_await put_client(v.at, v.who, shown.owner->key, wanted, v.in_form("why"), revision);
    if (saved) co_return go_on(here(*shown.owner, wanted.id), "client");
    v.problem = saved.error();
    shown.client = std::move(wanted);
    co_return co_await show_client(v, shown);
}

page change_secret(console_request& v, shown_client shown) {
    const auto made = co_await make_client_secret(v.at, v.who, shown.owner->key, shown.client.id,
                                                  v.text("clients.make_secret"));
    if (!made) co_return show_refusal(v, made.error());
    const auto path = here(*shown.owner, shown.client.id);
    auto answer = http::see_other(path);
    show_once(v, answer, path, made->secret);
    co_return answer;
}

}  // namespace

page client_page(console_request& v) {
    auto shown = asked_client(v);
    if (!shown) co_return show_refusal(v, shown.error());
    const auto secret = waiting_for(v);
    shown->secret = secret.value_or(std::string());
    auto answer = co_await show_client(v, *shown);
    if (secret) forget_shown(answer);
    co_return answer;
}

page client_again(console_request& v) {
    auto shown = asked_client(v);
    if (!shown) co_return show_refusal(v, shown.error());
    if (!may_change_clients(v.who, *shown->owner)) co_return show_refusal(v, no_such_thing());
    if (v.in_form("action") == "save") shown->client = client_in(v, shown->client);
    co_return co_await show_client(v, *shown);
}

page post_client(console_request& v) {
    auto shown = asked_client(v);
    if (!shown) co_return show_refusal(v, shown.error());
    const auto action = v.in_form("action");
    if (action == "save") co_return co_await save(v, std::move(*shown));
    if (action == "secret") co_return co_await change_secret(v, std::move(*shown));
    const auto& key = shown->owner->key;
    const auto& id = shown->client.id;
    const shown_digest digest(v.in_form("digest"));
    if (action == "remove") {
        const auto done = co_await remove_client(v.at, v.who, key, id, v.in_form("why"), digest);
        if (!done) co_return show_refusal(v, done.error());
        co_return go_on("/console/applications/" + key.str(), "end");
    }
    answer<long long> done = invalid({}, "page_expired");
    if (action == "approve") {
        done = co_await approve_client(v.at, v.who, key, id, v.text("console.approve"), digest);
    } else if (action == "end-secret") {
        done = co_await end_old_secret(v.at, v.who, key, id, v.text("clients.end_secret"));
    }
    if (!done) co_return show_refusal(v, done.error());
    co_return go_on(here(*shown->owner, id), action == "approve" ? "approve" : "client");
}

page client_claims_page(console_request& v) {
    const application_key key(v.segment(1));
    const client_id id(v.segment(3));
    const auto made = co_await client_claims(v.at, v.who, key, id, person_id());
    if (!made) co_return show_refusal(v, made.error());
    page_data data;
    put(data, "key", key.str());
    put(data, "client", id.str());
    put(data, "verdict", v.text("clients.verdict_" + std::string(made->at("verdict").as_string())));
    const auto& words_of = web::catalogue::of(v.lang);
    const auto owner = find_application(v.at, v.who, key);
    const auto role_claim = owner ? owner->document->claim.name : std::string();
    std::vector<page_data> tokens;
    for (const auto* name : {"id_token", "access_token", "userinfo"}) {
        const auto* token = made->if_contains(name);
        if (token == nullptr) continue;
        std::vector<page_data> claims;
        for (const auto& [claim, value] : token->as_object()) {
            page_data row;
            const std::string claim_name(claim);
            put(row, "claim", claim_name);
            put(row, "claim_value",
                value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value));
            const auto* meaning =
                words_of.find(claim_name == role_claim ? "claim.roles" : "claim." + claim_name);
            if (meaning != nullptr) put(row, "claim_meaning", *meaning);
            claims.push_back(std::move(row));
        }
        page_data one;
        put(one, "token", name);
        put_list(one, "claims", std::move(claims));
        tokens.push_back(std::move(one));
    }
    put_list(data, "tokens", std::move(tokens));
    co_return show(v, "console_claims", v.text("clients.claims"), std::move(data));
}

}  // namespace kommpass::idp::console
