#include "idp/oauth/request_intake.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/http/form.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/oauth/client_keys.hpp"
#include "idp/oauth/pushed_reference.hpp"
#include "idp/oauth/request_object.hpp"
#include "idp/oauth/request_references.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/store/pushed_requests.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/pages.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;
using pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 3> credentials{"client_secret", "client_assertion",
                                                      "client_assertion_type"};

std::string encoded(const pairs& parameters) {
    const auto query = http::with_query({}, parameters);
    return query.empty() ? query : query.substr(1);
}

// What the client proved itself with is no part of what it asks for.
pairs without_credentials(const http::form& form, const client_id& id) {
    pairs rest{{"client_id", id.str()}};
    for (const auto& pair : form.all()) {
        const bool left_out =
            pair.first == "client_id" ||
            std::find(credentials.begin(), credentials.end(), pair.first) != credentials.end();
        if (!left_out) rest.push_back(pair);
    }
    return rest;
}

// Which client and which request it is must be said once; the rest is ignored.
bool names_two(const http::form& outside) {
    const auto is_reference = [](const auto& pair) {
        return pair.first == "client_id" || pair.first == "request_uri";
    };
    return std::count_if(outside.all().begin(), outside.all().end(), is_reference) > 2;
}

refused_with_page no_such_push(std::string_view detail) {
    return {
        web::error_page_reason::page_expired, "invalid_request_uri: " + std::string(detail), {}};
}

bool has_keys(const policies::client& one) { return !one.jwks.empty() || !one.jwks_uri.empty(); }

refused_with_page store_silent() {
    refused_with_page page{web::error_page_reason::internal, {}, {}};
    page.status = 503;
    return page;
}

// RFC 9126, 2.3
protocol_error refusal(const parsed_authorization_request& parsed) {
    if (const auto* page = std::get_if<refused_with_page>(&parsed))
        return token_error::invalid_request(page->reason == web::error_page_reason::bad_redirect_uri
                                                ? "redirect_uri is missing or not registered"
                                                : page->detail);
    const auto& refused = std::get<refused_to_client>(parsed);
    return authorization_error(refused.error, refused.description);
}

}  // namespace

parsed_authorization_request request_intake::judge(const http::form& parameters, arrival how,
                                                   std::string text,
                                                   policies::snapshot_ptr registry) {
    if (text.size() > login::sign_in_state::longest_parameters)
        return refused_with_page{
            web::error_page_reason::bad_request, "the request is longer than 8 KiB", {}};
    return parse_authorization_request(parameters, std::move(how), std::move(text),
                                       std::move(registry), *keys_.get(), issuer_);
}

request_intake::parsed request_intake::from_browser(const http::form& parameters,
                                                    std::string_view encoded) {
    const auto uri = parameters.get("request_uri");
    if (uri && pushed_reference::hash_in(*uri))
        co_return co_await look_up(parameters, moment::beginning);
    const auto object = parameters.get("request");
    if (object && uri)
        co_return refuse_unread(parameters, registry_.get(), "invalid_request",
                                "request and request_uri exclude each other");
    if (object) co_return co_await by_value(parameters, *object);
    if (uri) co_return co_await by_reference(parameters, std::string(*uri));
    arrival plain;
    auto text = carry(plain, encoded);
    co_return judge(parameters, std::move(plain), std::move(text), registry_.get());
}

request_intake::parsed request_intake::from_pages(std::string_view text) {
    const auto brought = carried(text);
    const auto form = brought ? http::form::parse(brought->second) : http::form_error();
    if (!form) co_return refused_with_page{web::error_page_reason::page_expired, {}, {}};
    if (brought->first.pushed) co_return co_await look_up(*form, moment::under_way);
    co_return judge(*form, brought->first, std::string(text), registry_.get());
}

request_intake::parsed request_intake::look_up(const http::form& outside, moment when) {
    const auto hash = pushed_reference::hash_in(*outside.get("request_uri"));
    const auto id = outside.get("client_id");
    const auto now = time_.now();
    auto find = [&](store::transaction& t) { return t.pushed_requests().find(*hash, now); };
    const auto found = co_await memory_.read(find);
    if (!found) co_return store_silent();
    const auto& kept = *found;
    // RFC 9126, 4: another client's is worth as much as none.
    if (!kept || !id || names_two(outside) || kept->client.view() != *id)
        co_return no_such_push("unknown, or of another client");
    if (when == moment::beginning && (kept->used || kept->expires_at <= now))
        co_return no_such_push(kept->used ? "it was used" : "it has expired");
    auto brought = carried(kept->parameters);
    const auto form = brought ? http::form::parse(brought->second) : http::form_error();
    if (!form) co_return no_such_push("unknown");
    auto how = std::move(brought->first);
    how.pushed = true;
    how.reference_hash = *hash;
    const pairs reference{{"client_id", std::string(*id)},
                          {"request_uri", std::string(*outside.get("request_uri"))}};
    auto text = carry(how, encoded(reference));
    co_return judge(*form, std::move(how), std::move(text), registry_.get());
}

awaitable<result<request_object, std::string>> request_intake::read_object(
    const policies::client& client, std::string_view object) {
    const auto claims =
        co_await of_clients_.verify(client, object, request_object_algorithms(client));
    if (!claims) co_return "the request object: " + claims.error();
    co_return read_request_object(client, *claims, object, issuer_, time_.now());
}

request_intake::parsed request_intake::by_value(const http::form& outside,
                                                std::string_view object) {
    auto registry = registry_.get();
    const auto client =
        registry->find_client(outside.get("client_id").value_or(std::string_view())).registered;
    if (client == nullptr || !has_keys(*client))
        co_return refuse_unread(outside, registry, "request_not_supported",
                                "the client has registered no keys for request objects");
    auto read = co_await read_object(*client, object);
    if (!read) co_return refuse_unread(outside, registry, "invalid_request_object", read.error());
    arrival how;
    how.is_signed = true;
    how.object_id = std::move(read->id);
    how.object_forgotten = read->forget_after;
    auto text = carry(how, read->encoded);
    co_return judge(read->parameters, std::move(how), std::move(text), std::move(registry));
}

// Only what the client registered is fetched: whoever sends a browser here chooses among that.
request_intake::parsed request_intake::by_reference(const http::form& outside, std::string uri) {
    const auto registry = registry_.get();
    const auto client =
        registry->find_client(outside.get("client_id").value_or(std::string_view())).registered;
    if (client == nullptr || client->request_uris.empty())
        co_return refuse_unread(outside, registry, "request_uri_not_supported",
                                "the client has registered no request_uris");
    const auto& own = client->request_uris;
    if (std::find(own.begin(), own.end(), uri) == own.end())
        co_return refuse_unread(outside, registry, "invalid_request_uri",
                                "request_uri is none that the client registered");
    const auto object = co_await references_.fetch(std::move(uri));
    if (!object) co_return refuse_unread(outside, registry, "invalid_request_uri", object.error());
    co_return co_await by_value(outside, **object);
}

awaitable<protocol_result<request_intake::pushed>> request_intake::from_client(
    policies::snapshot_ptr registry, const policies::client& client, const http::form& parameters,
    std::string_view dpop_key) {
    if (parameters.get("request_uri"))
        co_return token_error::invalid_request("request_uri cannot be pushed");
    pushed made;
    made.how.pushed = true;
    auto text = encoded(without_credentials(parameters, client.id));
    if (const auto object = parameters.get("request")) {
        if (!has_keys(client))
            co_return authorization_error("request_not_supported",
                                          "the client has registered no keys for request objects");
        auto read = co_await read_object(client, *object);
        if (!read) co_return authorization_error("invalid_request_object", read.error());
        made.how.is_signed = true;
        made.how.object_id = std::move(read->id);
        made.how.object_forgotten = read->forget_after;
        text = std::move(read->encoded);
    }
    auto form = http::form::parse(text);
    if (form && !dpop_key.empty()) {
        const auto named = form->get("dpop_jkt");
        if (named && *named != dpop_key)
            co_return token_error::invalid_request("dpop_jkt is not the key of the DPoP proof");
        if (!named) {
            text.append("&dpop_jkt=").append(dpop_key);
            form = http::form::parse(text);
        }
    }
    if (!form || !form->get("redirect_uri"))
        co_return token_error::invalid_request("redirect_uri is missing or not registered");
    const auto judged = judge(*form, made.how, text, std::move(registry));
    if (!std::holds_alternative<authorization_request>(judged)) co_return refusal(judged);
    // Whether it was signed is kept; its `jti` is used up by the push.
    arrival kept;
    kept.is_signed = made.how.is_signed;
    made.kept = carry(kept, text);
    co_return made;
}

}  // namespace kommpass::idp::oauth
