#include "idp/registration/registration_endpoint.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/admin/client_registration.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/request_context.hpp"
#include "idp/http/bearer_token.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/strict_object.hpp"
#include "idp/registration/client_metadata.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace kommpass::idp::registration {
namespace {

using admin::refusal;
using admin::registered_client;
using boost::asio::awaitable;

constexpr std::string_view address = "/register";
constexpr std::size_t longest_body = 16 * 1024;

http::response error(unsigned status, std::string_view code, std::string_view description) {
    const boost::json::object body{{"error", code}, {"error_description", description}};
    return http::json(status, boost::json::serialize(body));
}

http::response to_response(const metadata_error& wrong) {
    return error(400, wrong.code, wrong.description);
}

// The same for a token that is wrong, over or used, and for a client that is not there.
http::response bad_token() {
    auto made = error(401, "invalid_token", "the token is unknown, used or over");
    made.headers.emplace_back("WWW-Authenticate",
                              "Bearer realm=\"kommpass\", error=\"invalid_token\"");
    return made;
}

http::response no_token() {
    http::response made;
    made.status = 401;
    made.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"kommpass\"");
    return made;
}

http::response to_response(const refusal& no) {
    if (no.code == "token_used") return bad_token();
    if (no.why == refusal::reason::unavailable || no.why == refusal::reason::stale) {
        auto made = error(503, "temporarily_unavailable", "try again in a moment");
        made.headers.emplace_back("Retry-After", "2");
        return made;
    }
    if (no.code == "new_host_needs_association")
        return error(400, "invalid_redirect_uri",
                     "a host that the association has not seen: ask it to change the client");
    if (no.code == "too_much_waits")
        return error(400, "invalid_client_metadata",
                     "too many registrations wait for the association already");
    if (no.why == refusal::reason::forbidden)
        return error(400, "invalid_client_metadata",
                     "only the association changes this of a client in force: scopes, grant types, "
                     "authentication, name or kind of subject");
    auto text = no.details.empty() ? no.code : no.details.front();
    return error(400, "invalid_client_metadata", as_description(text));
}

// The token of the request, or the answer to one without.
result<std::string, http::response> token_of(const http::request& request) {
    if (request.occurs_twice("authorization"))
        return error(400, "invalid_request", "the Authorization header occurs twice");
    const auto header = request.header("authorization");
    const auto token = header ? http::parse_bearer_token(*header) : std::nullopt;
    if (!token) return no_token();
    return std::string(*token);
}

std::optional<http::response> fault_of_body(const http::request& request) {
    const auto type = request.header("content-type").value_or(std::string_view());
    if (!http::names_media_type(type, "application/json"))
        return error(400, "invalid_client_metadata", "the body must be application/json");
    if (request.body.size() > longest_body)
        return error(413, "invalid_client_metadata", "the body has more than 16 KiB");
    return std::nullopt;
}

http::response client_information(unsigned status, const registered_client& one,
                                  const std::string& issuer, long long issued_at) {
    auto body = client_metadata(one.client);
    body["client_id"] = one.client.id.view();
    if (!one.secret.empty()) body["client_secret"] = one.secret;
    if (!one.client.secret_sha256.empty()) body["client_secret_expires_at"] = 0;  // never
    if (issued_at > 0) body["client_id_issued_at"] = issued_at;
    body["registration_client_uri"] = issuer + std::string(address) + "/" + one.client.id.str();
    body["registration_access_token"] = one.registration_token;
    return http::json(status, boost::json::serialize(body));
}

// RFC 7592, 2.2: the id is the client's, and a secret that is sent is the one it has.
std::optional<metadata_error> misnamed(std::string_view body, const policies::client& known) {
    const auto sent = jose::parse_strict_object(body);
    const auto text = [&](const char* name) -> std::optional<std::string> {
        const auto* value = sent ? sent->if_contains(name) : nullptr;
        if (value == nullptr) return std::nullopt;
        return value->is_string() ? std::string(value->get_string()) : std::string();
    };
    if (text("client_id") != known.id.str())
        return metadata_error{"invalid_client_metadata", "client_id must be the client's own"};
    const auto secret = text("client_secret");
    const auto hash = secret ? jose::sha256_hex(*secret) : std::string();
    const bool right =
        std::any_of(known.secret_sha256.begin(), known.secret_sha256.end(),
                    [&](const std::string& one) { return equal_in_constant_time(one, hash); });
    if (secret && !right)
        return metadata_error{"invalid_client_metadata", "client_secret is not the client's"};
    return std::nullopt;
}

awaitable<http::response> replace(admin::operation_context& at, const http::request& request,
                                  const registered_client& known) {
    if (auto no = fault_of_body(request)) co_return *std::move(no);
    if (const auto no = misnamed(request.body, known.client)) co_return to_response(*no);
    auto wanted = read_client_metadata(request.body);
    if (!wanted) co_return to_response(wanted.error());
    wanted->secret_sha256 = known.client.secret_sha256;
    const auto made = co_await replace_registered(at, known, std::move(*wanted));
    if (!made) co_return to_response(made.error());
    co_return client_information(200, *made, at.settings.issuer, 0);
}

}  // namespace

awaitable<http::response> registration_endpoint::operator()(const http::request& request) {
    if (request.path == address) co_return co_await add(request);
    co_return co_await look_after(request);
}

awaitable<http::response> registration_endpoint::add(const http::request& request) {
    auto token = token_of(request);
    if (!token) co_return token.error();
    auto at = admin::context_of(operations_, request);
    const auto right = admin::read_initial_access_token(at, *token);
    if (!right) co_return bad_token();
    if (auto no = fault_of_body(request)) co_return *std::move(no);
    auto wanted = read_client_metadata(request.body);
    if (!wanted) co_return to_response(wanted.error());
    const auto made = co_await admin::register_client(at, *right, std::move(*wanted));
    if (!made) co_return to_response(made.error());
    co_return client_information(201, *made, at.settings.issuer, to_unix_seconds(at.time.now()));
}

awaitable<http::response> registration_endpoint::look_after(const http::request& request) {
    auto token = token_of(request);
    if (!token) co_return token.error();
    auto at = admin::context_of(operations_, request);
    const client_id id(request.path.substr(std::min(request.path.size(), address.size() + 1)));
    const auto known = admin::find_registered(at, id, *token);
    if (!known) co_return bad_token();
    if (request.method == http::method::put) co_return co_await replace(at, request, *known);
    if (request.method == http::method::delete_) {
        const auto gone = co_await admin::remove_registered(at, *known);
        if (!gone) co_return to_response(gone.error());
        http::response done;
        done.status = 204;
        co_return done;
    }
    co_return client_information(200, *known, at.settings.issuer, 0);
}

}  // namespace kommpass::idp::registration
