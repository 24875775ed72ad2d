#include "idp/oauth/protocol_error.hpp"

#include "idp/http/response.hpp"
#include "idp/oauth/dpop_proof.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view basic_challenge = "Basic realm=\"kommpass\", charset=\"UTF-8\"";

protocol_error make(unsigned status, std::string_view code, std::string_view description) {
    return {status, std::string(code), as_error_description(description), {}};
}

std::string bearer_challenge(std::string_view code, std::string_view description) {
    std::string challenge = "Bearer realm=\"kommpass\"";
    if (!code.empty()) {
        challenge.append(", error=\"").append(code).append("\", error_description=\"");
        challenge.append(description).append("\"");
    }
    return challenge;
}

constexpr std::string_view nonce_needed = "a nonce of this server is needed in the DPoP proof";

std::string dpop_challenge(std::string_view code, std::string_view description) {
    std::string challenge = "DPoP realm=\"kommpass\"";
    if (!code.empty()) {
        challenge.append(", error=\"").append(code).append("\", error_description=\"");
        challenge.append(description).append("\"");
    }
    return challenge.append(", algs=\"").append(dpop_algorithm_names()).append("\"");
}

protocol_error at_resource(std::string_view code, std::string_view description) {
    auto error = make(401, code, description);
    error.challenge = dpop_challenge(code, description);
    return error;
}

}  // namespace

std::string as_error_description(std::string_view text) {
    constexpr std::size_t most = 300;
    std::string made(text.substr(0, most));
    for (auto& c : made) {
        const bool allowed = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        if (!allowed) c = '\'';
    }
    return made;
}

namespace token_error {

protocol_error invalid_request(std::string_view d) { return make(400, "invalid_request", d); }
protocol_error invalid_client(std::string_view d) {
    auto error = make(401, "invalid_client", d);
    error.challenge = basic_challenge;
    return error;
}
protocol_error invalid_grant(std::string_view d) { return make(400, "invalid_grant", d); }
protocol_error unauthorized_client(std::string_view d) {
    return make(400, "unauthorized_client", d);
}
protocol_error unsupported_grant_type(std::string_view d) {
    return make(400, "unsupported_grant_type", d);
}
protocol_error invalid_scope(std::string_view d) { return make(400, "invalid_scope", d); }
protocol_error invalid_target() {
    return make(
        400, "invalid_target",
        "resource is no absolute URI that was granted or that the client is registered for");
}
protocol_error unsupported_token_type(std::string_view d) {
    return make(400, "unsupported_token_type", d);
}
protocol_error authorization_pending() {
    return make(400, "authorization_pending", "the person has not answered yet");
}
protocol_error slow_down() {
    return make(400, "slow_down", "asked too soon: wait five seconds longer from now on");
}
protocol_error expired_token() {
    return make(400, "expired_token", "nobody answered in time; begin anew");
}
protocol_error access_denied() { return make(400, "access_denied", "the person said no"); }
protocol_error invalid_dpop_proof(std::string_view d) { return make(400, "invalid_dpop_proof", d); }
protocol_error use_dpop_nonce(std::string nonce) {
    auto error = make(400, "use_dpop_nonce", nonce_needed);
    error.dpop_nonce = std::move(nonce);
    return error;
}
protocol_error temporarily_unavailable(std::string_view d) {
    return make(503, "temporarily_unavailable", d);
}

}  // namespace token_error

namespace bearer_error {

// Both schemes serve: which one, the token's own client knows.
protocol_error no_token() {
    return {401, {}, {}, bearer_challenge({}, {}) + ", " + dpop_challenge({}, {})};
}
protocol_error invalid_request(std::string_view d) {
    return {400, "invalid_request", std::string(d), bearer_challenge("invalid_request", d)};
}
protocol_error invalid_token(std::string_view d) {
    return {401, "invalid_token", std::string(d), bearer_challenge("invalid_token", d)};
}
protocol_error insufficient_scope(std::string_view d, std::string_view scope) {
    auto challenge = bearer_challenge("insufficient_scope", d);
    challenge.append(", scope=\"").append(scope).append("\"");
    return {403, "insufficient_scope", std::string(d), std::move(challenge)};
}

}  // namespace bearer_error

protocol_error insufficient_user_authentication(std::string_view scheme,
                                                const insufficient_sign_in& needed) {
    constexpr std::string_view code = "insufficient_user_authentication";
    constexpr std::string_view text = "the person must sign in more strongly, or anew";
    auto error = make(401, code, text);
    error.challenge = scheme == "DPoP" ? dpop_challenge(code, text) : bearer_challenge(code, text);
    if (!needed.acr_values.empty())
        error.challenge.append(", acr_values=\"").append(needed.acr_values).append("\"");
    if (needed.max_age)
        error.challenge.append(", max_age=\"" + std::to_string(needed.max_age->count()) + "\"");
    return error;
}

bool is_wait(const protocol_error& error) noexcept {
    return error.code == "authorization_pending" || error.code == "slow_down";
}

namespace dpop_error {

protocol_error invalid_token(std::string_view d) { return at_resource("invalid_token", d); }
protocol_error invalid_dpop_proof(std::string_view d) {
    return at_resource("invalid_dpop_proof", d);
}
protocol_error use_dpop_nonce(std::string nonce) {
    auto error = at_resource("use_dpop_nonce", nonce_needed);
    error.dpop_nonce = std::move(nonce);
    return error;
}

}  // namespace dpop_error

protocol_error authorization_error(std::string_view code, std::string_view description) {
    return make(400, code, description);
}

http::response to_response(const protocol_error& error) {
    boost::json::object body;
    if (!error.code.empty()) {
        body["error"] = error.code;
        body["error_description"] = error.description;
    }
    auto answer = http::json(error.status, boost::json::serialize(body));
    if (!error.challenge.empty()) answer.headers.emplace_back("WWW-Authenticate", error.challenge);
    if (!error.dpop_nonce.empty()) answer.headers.emplace_back("DPoP-Nonce", error.dpop_nonce);
    return answer;
}

}  // namespace kommpass::idp::oauth
