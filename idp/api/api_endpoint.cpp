#include "idp/api/api_endpoint.hpp"

#include "config/settings.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/request_context.hpp"
#include "idp/admin/under_way.hpp"
#include "idp/api/addresses.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/openapi.hpp"
#include "idp/api/problem.hpp"
#include "idp/api/request_check.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/http/form.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/response.hpp"
#include "idp/http/router.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/presented_token.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/oauth/step_up.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/store/idempotent_answers.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;

constexpr std::string_view prefix = "/api/v1";
constexpr std::size_t longest_body = 16 * 1024;
constexpr auto answers_are_kept = std::chrono::hours(24);
constexpr auto longest_work = std::chrono::minutes(1);
constexpr long long still_running = 0;  // in place of a status

http::response unauthorized(std::string_view error, std::string_view request_id) {
    auto made = problem(401, error, "An access token is needed", request_id);
    made.headers.emplace_back("WWW-Authenticate",
                              error == "no_token" ? std::string("Bearer")
                                                  : "Bearer error=\"" + std::string(error) + "\"");
    return made;
}

// What is wrong with the token's key (RFC 9449, 7.1), with the protocol's own challenge.
http::response unauthorized(const oauth::protocol_error& error, std::string_view request_id) {
    if (error.status == 503) return to_problem(store_silent(), request_id);
    auto made = problem(error.status, error.code, error.description, request_id);
    made.headers.emplace_back("WWW-Authenticate", error.challenge);
    if (!error.dpop_nonce.empty()) made.headers.emplace_back("DPoP-Nonce", error.dpop_nonce);
    return made;
}

using authenticated = result<actor, http::response>;

awaitable<authenticated> authenticate(const api_parts& parts, const http::request& request,
                                      bool writes) {
    const auto shown = oauth::token_in_header(request);
    if (!shown)
        co_return unauthorized(shown.error().code.empty() ? "no_token" : "invalid_request",
                               request.id);
    const auto token = co_await parts.tokens.find(shown->text);
    if (!token && token.error() == oauth::token_trouble::store_unavailable)
        co_return to_problem(store_silent(), request.id);
    const auto& p = parts.operations;
    const auto registry = p.registry.get();
    const auto client = token ? registry->find_client(token->claims.client)
                              : policies::client_entry{nullptr, nullptr};
    const bool ours = client.owner != nullptr && client.owner->key == application_key("fed");
    if (!token || !token->family || !ours) co_return unauthorized("invalid_token", request.id);
    const auto proven = co_await parts.possession.of_token(request, *shown, token->claims);
    if (!proven) co_return unauthorized(proven.error(), request.id);
    const char* scope = writes ? "fed:write" : "fed:read";
    if (!oauth::contains(token->claims.scope, scope)) {
        auto no = problem(403, "insufficient_scope", "The token lacks a scope", request.id);
        no.headers.emplace_back(
            "WWW-Authenticate",
            "Bearer error=\"insufficient_scope\", scope=\"" + std::string(scope) + "\"");
        co_return no;
    }
    const auto& given = token->family->given;
    const auto current =
        co_await parts.identities.look_up(given.member, given.directory, given.identity_json);
    if (!current.who) co_return unauthorized("invalid_token", request.id);
    if (const auto needed = oauth::insufficiency_of(*client.owner, given, p.time.now())) {
        const auto scheme = oauth::confirmation_of(token->claims.all).token_type();
        co_return unauthorized(oauth::insufficient_user_authentication(scheme, *needed),
                               request.id);
    }
    const policies::evaluated_person person{*current.who, given.person, local_day_of(p.time.now())};
    co_return actor(*registry, person);
}

using decoded_body = result<boost::json::object, http::response>;

decoded_body body_of(const http::request& request, const http::form& query) {
    if (request.method == http::method::delete_) {
        boost::json::object made;
        for (const auto& [name, value] : query.all()) made[name] = value;
        return made;
    }
    if (request.method == http::method::get || request.method == http::method::head ||
        request.body.empty())
        return boost::json::object();
    const auto type = request.header("content-type").value_or(std::string_view());
    if (!http::names_media_type(type, "application/json"))
        return problem(415, "must_be_json", "The body must be JSON", request.id);
    if (request.body.size() > longest_body)
        return problem(413, "body_too_large", "The body has more than 16 KiB", request.id);
    auto parsed = jose::parse_strict_object(request.body);
    if (!parsed)
        return problem(400, "malformed_json", "The body is no JSON object, or says something twice",
                       request.id);
    return std::move(*parsed);
}

std::optional<long long> revision_in(const http::request& request) {
    const auto header = request.header("if-match");
    if (!header || *header == "*") return std::nullopt;
    return http::decimal_number(header->substr(1, header->size() - 2));
}

http::response to_response(const answer<outcome>& made, const http::request& request) {
    if (!made) return to_problem(made.error(), request.id);
    auto response = http::json(made->status, boost::json::serialize(made->body));
    if (made->revision)
        response.headers.emplace_back("ETag", "\"" + std::to_string(*made->revision) + "\"");
    return response;
}

std::string digest_of(const http::request& request) {
    std::string whole(http::to_string(request.method));
    whole += "\n" + request.path + "\n" + request.query + "\n" + request.body;
    return jose::sha256(whole);
}

awaitable<http::response> run(const endpoint& one, call& c, const http::request& request) {
    const auto made = co_await one.run(c);
    if (!made && (made.error().why == refusal::reason::not_found ||
                  made.error().why == refusal::reason::forbidden))
        co_await note_refused(c.at, c.who, made.error().code, std::string(one.path));
    co_return to_response(made, request);
}

// An answer may hold what is shown once, such as a client's secret.
constexpr std::string_view answer_purpose = "idempotent answer";

http::response replayed(const store::idempotent_answer& known, const std::string& digest,
                        const jose::key_ring& keys, const http::request& request) {
    if (known.request_hash != digest)
        return to_problem(invalid("Idempotency-Key", "key_of_another_request"), request.id);
    if (known.status == still_running)
        return problem(409, "still_running", "The first request with this key is still at work",
                       request.id);
    auto body = keys.open(answer_purpose, known.body);
    if (!body) return to_problem(store_silent(), request.id);
    auto again = http::json(static_cast<unsigned>(known.status), std::move(*body));
    if (again.status >= 400) again.content_type = "application/problem+json";
    again.headers.emplace_back("Idempotency-Replayed", "true");
    return again;
}

// The same key with the same request gets the answer that was given first.
awaitable<http::response> run_once(const endpoint& one, call& c, const http::request& request,
                                   std::string key) {
    const auto digest = digest_of(request);
    const auto now = c.at.time.now();
    // Taken before the work is done, so that two requests at the same moment do it once.
    const store::idempotent_answer taken{c.who.id(),    key, digest,
                                         still_running, {},  now + longest_work};
    auto take = [&](store::transaction& t) {
        auto known = t.answers().find(c.who.id(), key);
        if (known && known->expires_at <= now) known.reset();
        if (!known) t.answers().put(taken);
        return known;
    };
    const auto known = co_await c.at.memory.write(take);
    if (!known) co_return to_problem(store_silent(), request.id);
    if (*known) co_return replayed(**known, digest, *c.at.keys.get(), request);
    auto response = co_await run(one, c, request);
    auto kept = taken;
    kept.status = static_cast<long long>(response.status);
    kept.body = c.at.keys.get()->seal(answer_purpose, response.body);
    // What could not be done may be tried again.
    kept.expires_at = response.status < 500 ? now + answers_are_kept : now;
    auto keep = [&kept](store::transaction& t) { t.answers().put(kept); };
    (void)co_await c.at.memory.write(keep);
    co_return response;
}

// What follows once it is known who asks and for what.
awaitable<http::response> answer_for(const operation_services& p, const http::request& request,
                                     const actor& who, found_endpoint found) {
    auto query = http::form::parse(request.query);
    if (!query || query->first_repeated())
        co_return problem(400, "malformed_query",
                          "The query is not percent-encoded UTF-8, or says something twice",
                          request.id);
    auto body = body_of(request, *query);
    if (!body) co_return body.error();
    if (auto no = fault_of_request(*found.one, request, *query, *body))
        co_return to_problem(*no, request.id);
    auto at = context_of(p, request);
    at.whose = who.member().str();
    call c{at, who, std::move(found.path), *query, std::move(*body), revision_in(request)};
    if (who.must_state_purpose()) {
        const auto purpose = request.header("kommpass-purpose").value_or(std::string_view());
        const auto noted = co_await state_purpose(c.at, who, std::string(purpose));
        if (!noted) co_return to_problem(noted.error(), request.id);
    }
    const auto key = request.header("idempotency-key");
    if (found.one->writes && key)
        co_return co_await run_once(*found.one, c, request, std::string(*key));
    co_return co_await run(*found.one, c, request);
}

}  // namespace

awaitable<http::response> api_endpoint::operator()(const http::request& request) {
    const auto& p = parts_.operations;
    const auto address = address_of(request.path);
    if (!address) co_return to_problem(no_such_thing(), request.id);
    const bool reads = request.method == http::method::get || request.method == http::method::head;
    if (*address == document_address && reads)
        co_return http::json(200, openapi_document(p.settings.issuer));
    auto found = find(request.method, *address);
    if (found.one == nullptr && (found.other_method || *address == document_address))
        co_return wrong_method(*address, request.id);
    if (found.one == nullptr || !names_something(found))
        co_return to_problem(no_such_thing(), request.id);
    auto who = co_await authenticate(parts_, request, found.one->writes);
    if (!who) co_return who.error();
    const auto place = p.requests.enter(*who);
    if (!place) co_return to_problem(too_many_at_once(), request.id);
    co_return co_await answer_for(p, request, *who, std::move(found));
}

awaitable<http::response> run_operation(const operation_services& p, const actor& who,
                                        std::string method, std::string path, std::string body) {
    http::request request;
    request.id = "command-line";
    const std::pair<std::string_view, http::method> methods[] = {{"get", http::method::get},
                                                                 {"put", http::method::put},
                                                                 {"post", http::method::post},
                                                                 {"delete", http::method::delete_}};
    bool known = false;
    for (const auto& [name, one] : methods) {
        if (name != method) continue;
        request.method = one;
        known = true;
    }
    const auto question = std::min(path.find('?'), path.size());
    request.path = std::string(prefix) + path.substr(0, question);
    if (question < path.size()) request.query = path.substr(question + 1);
    request.body = std::move(body);
    request.headers.emplace_back("content-type", "application/json");
    auto found = find(request.method, std::string_view(request.path).substr(prefix.size()));
    if (!known || found.one == nullptr || !names_something(found))
        co_return problem(404, "not_found", "There is no such operation", request.id);
    co_return co_await answer_for(p, request, who, std::move(found));
}

awaitable<std::optional<boost::json::object>> finished_job(const operation_services& p,
                                                           const actor& who,
                                                           const http::response& answered) {
    if (answered.status != 202) co_return std::nullopt;
    boost::system::error_code no_json;
    const auto told = boost::json::parse(answered.body, no_json);
    const auto* object = no_json ? nullptr : told.if_object();
    const auto* id = object == nullptr ? nullptr : object->if_contains("id");
    const auto running = id == nullptr || !id->is_string()
                             ? nullptr
                             : p.running.find(who, std::string(id->get_string()));
    if (!running) co_return std::nullopt;
    boost::asio::steady_timer wait(co_await boost::asio::this_coro::executor);
    while (!running->outcome()) {
        wait.expires_after(std::chrono::milliseconds(20));
        boost::system::error_code woken;
        co_await wait.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    co_return job_json(*running, p.settings);
}

}  // namespace kommpass::idp::api
