#include "idp/oauth/authorization_checks.hpp"

#include "idp/http/form.hpp"
#include "idp/oauth/dpop_proof.hpp"
#include "idp/oauth/id_token_hint.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/web/pages.hpp"
#include "policies/client_profile.hpp"
#include "policies/grant_types.hpp"
#include "policies/response_modes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_nonce = 512;
constexpr auto oldest_sign_in = std::chrono::seconds(std::chrono::years(10));

std::string text(const http::form& parameters, std::string_view name) {
    return std::string(parameters.get(name).value_or(std::string_view()));
}

checked refuse(const authorization_request& request, std::string_view error,
               std::string_view description) {
    return refused_to_client{request.target, std::string(error), std::string(description),
                             request.client->id};
}

static_assert(std::all_of(policies::response_modes::all.begin(),
                          policies::response_modes::all.end(),
                          [](const auto& mode) { return response_mode_named(mode.name); }));

bool may_use_mode(const policies::client& client, std::string_view name) {
    const auto& own = client.response_modes;
    if (!own.empty()) return std::find(own.begin(), own.end(), name) != own.end();
    const auto& all = policies::response_modes::all;
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& mode) { return mode.by_default && mode.name == name; });
}

// What the application demands of every sign-in, whatever its client asks for.
std::optional<std::chrono::seconds> bounded(std::optional<std::chrono::seconds> asked,
                                            const policies::application& application) {
    const auto longest = application.longest_sign_in_age;
    if (longest && (!asked || *longest < *asked)) return longest;
    return asked;
}

}  // namespace

std::span<const authorization_check> authorization_checks() noexcept {
    static constexpr std::array<authorization_check, 18> in_order{check_state,
                                                                  check_response_mode,
                                                                  check_nothing_repeated,
                                                                  check_response_type,
                                                                  check_not_offered,
                                                                  check_arrival,
                                                                  check_grant_allowed,
                                                                  check_scope,
                                                                  check_resource,
                                                                  check_code_challenge,
                                                                  check_dpop_key,
                                                                  check_nonce,
                                                                  check_prompt,
                                                                  check_acr_values,
                                                                  check_max_age,
                                                                  check_claims,
                                                                  check_authorization_details,
                                                                  check_hints};
    return in_order;
}

checked check_state(const http::form& parameters, authorization_request& request) {
    request.target.state = text(parameters, "state");
    return std::nullopt;
}

checked check_response_mode(const http::form& parameters, authorization_request& request) {
    const auto asked = parameters.get("response_mode");
    const bool must_sign = policies::demands_signed_responses(*request.client);
    // A refusal is signed too.
    if (must_sign) request.target.mode.is_signed = true;
    if (must_sign && !policies::response_modes::is_signed(asked.value_or(std::string_view())))
        return refuse(request, "invalid_request",
                      "the client's profile demands a signed response_mode");
    if (!asked) return std::nullopt;
    const auto mode = response_mode_named(*asked);
    if (!mode) return refuse(request, "invalid_request", "response_mode has an unknown value");
    if (!may_use_mode(*request.client, *asked))
        return refuse(request, "invalid_request",
                      "the client is not registered for this response_mode");
    request.target.mode = *mode;
    return std::nullopt;
}

checked check_nothing_repeated(const http::form& parameters, authorization_request& request) {
    if (!repeats_another(parameters)) return std::nullopt;
    return refuse(request, "invalid_request", "a parameter occurs more than once");
}

checked check_response_type(const http::form& parameters, authorization_request& request) {
    const auto type = parameters.get("response_type");
    if (!type) return refuse(request, "invalid_request", "response_type is missing");
    if (*type == "code") return std::nullopt;
    return refuse(request, "unsupported_response_type", "only response_type code is offered");
}

checked check_not_offered(const http::form& parameters, authorization_request& request) {
    if (parameters.get("request")) {
        return refuse(request, "request_not_supported", "a request object stands by itself");
    }
    if (parameters.get("request_uri")) {
        return refuse(request, "request_uri_not_supported", "request_uri is not supported");
    }
    if (parameters.get("registration")) {
        return refuse(request, "registration_not_supported",
                      "self-issued registration is not supported");
    }
    return std::nullopt;
}

checked check_arrival(const http::form&, authorization_request& request) {
    if (policies::demands_pushed_requests(*request.client) && !request.how.pushed)
        return refuse(request, "invalid_request",
                      "the client is registered to push its authorization requests");
    if (policies::demands_signed_requests(*request.client) && !request.how.is_signed)
        return refuse(request, "invalid_request",
                      "the client is registered to sign its authorization requests");
    return std::nullopt;
}

checked check_grant_allowed(const http::form&, authorization_request& request) {
    if (contains(request.client->grant_types, policies::grant_types::authorization_code))
        return std::nullopt;
    return refuse(request, "unauthorized_client", "the client is not registered for the code flow");
}

checked check_scope(const http::form& parameters, authorization_request& request) {
    const auto asked = parameters.get("scope");
    if (!asked) return refuse(request, "invalid_scope", "scope is missing");
    const auto parsed = parse_scope(*asked);
    if (!parsed)
        return refuse(request, "invalid_scope", "scope has a character that it cannot have");
    request.scope = only_allowed(*parsed, request.client->scopes);
    if (!contains(request.client->grant_types, policies::grant_types::refresh_token)) {
        std::erase(request.scope, scopes::offline_access);
    }
    if (!request.scope.empty()) return std::nullopt;
    return refuse(request, "invalid_scope", "the client is registered for none of these scopes");
}

checked check_resource(const http::form& parameters, authorization_request& request) {
    request.resources = resources_in(parameters);
    if (are_allowed(request.resources, {}, *request.client)) return std::nullopt;
    return refuse(request, "invalid_target",
                  "resource is no absolute URI that the client is registered for");
}

checked check_code_challenge(const http::form& parameters, authorization_request& request) {
    request.challenge = text(parameters, "code_challenge");
    const auto method = text(parameters, "code_challenge_method");
    if (request.challenge.empty()) {
        if (!method.empty()) return refuse(request, "invalid_request", "code_challenge is missing");
        if (!policies::demands_pkce(*request.client)) return std::nullopt;
        return refuse(request, "invalid_request", "code_challenge is required (PKCE with S256)");
    }
    if (method != pkce::method)
        return refuse(request, "invalid_request", "code_challenge_method must be S256");
    if (pkce::well_formed_challenge(request.challenge)) return std::nullopt;
    return refuse(request, "invalid_request", "code_challenge is not 43 characters of base64url");
}

checked check_dpop_key(const http::form& parameters, authorization_request& request) {
    const auto key = text(parameters, "dpop_jkt");
    if (key.empty()) return std::nullopt;
    if (!well_formed_thumbprint(key))
        return refuse(request, "invalid_request", "dpop_jkt is no SHA-256 thumbprint of a key");
    request.bound_to = to_text({key_confirmation::kind::dpop, key});
    return std::nullopt;
}

checked check_nonce(const http::form& parameters, authorization_request& request) {
    request.nonce = text(parameters, "nonce");
    if (request.nonce.size() <= longest_nonce) return std::nullopt;
    return refuse(request, "invalid_request", "nonce is longer than 512 bytes");
}

checked check_prompt(const http::form& parameters, authorization_request& request) {
    // The same grammar as a scope: words and spaces.
    const auto values = parse_scope(text(parameters, "prompt"));
    if (!values)
        return refuse(request, "invalid_request", "prompt has a character that it cannot have");
    for (const auto& value : *values) {
        if (!add_prompt(request.prompt, value))
            return refuse(request, "invalid_request", "prompt has an unknown value");
    }
    if (!request.prompt.none || values->size() == 1) return std::nullopt;
    return refuse(request, "invalid_request", "prompt none cannot stand with another value");
}

checked check_acr_values(const http::form& parameters, authorization_request& request) {
    constexpr std::size_t most = 20;
    // The same grammar as a scope.
    auto values = parse_scope(text(parameters, "acr_values"));
    if (!values || values->size() > most)
        return refuse(request, "invalid_request", "acr_values is no list of at most 20 levels");
    // What the client registered holds where it asks for nothing (OpenID Connect Registration, 2).
    if (values->empty()) values = request.client->default_acr_values;
    request.acr_values = std::move(*values);
    return std::nullopt;
}

checked check_max_age(const http::form& parameters, authorization_request& request) {
    request.max_age = bounded(request.client->default_max_age, *request.application);
    const auto sent = parameters.get("max_age");
    if (!sent) return std::nullopt;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!std::all_of(sent->begin(), sent->end(), is_digit))
        return refuse(request, "invalid_request", "max_age is not a number of seconds");
    // However many digits it has: no sign-in is as old as that.
    unsigned seconds = 0;
    const auto read = std::from_chars(sent->data(), sent->data() + sent->size(), seconds);
    const auto asked = read.ec == std::errc()
                           ? std::min(std::chrono::seconds(seconds), oldest_sign_in)
                           : oldest_sign_in;
    request.max_age = bounded(asked, *request.application);
    return std::nullopt;
}

checked check_claims(const http::form& parameters, authorization_request& request) {
    const auto sent = parameters.get("claims");
    if (!sent) return std::nullopt;
    auto parsed = parse_claims_request(*sent);
    if (!parsed) return refuse(request, "invalid_request", parsed.error());
    request.claims = std::move(*parsed);
    request.claims_json = std::string(*sent);
    return std::nullopt;
}

checked check_authorization_details(const http::form& parameters, authorization_request& request) {
    const auto sent = parameters.get("authorization_details");
    if (!sent) return std::nullopt;
    auto parsed = parse_authorization_details(*sent, *request.registry, *request.client,
                                              *request.application);
    if (!parsed) return refuse(request, "invalid_authorization_details", parsed.error());
    request.details = std::move(*parsed);
    return std::nullopt;
}

checked check_hints(const http::form& parameters, authorization_request& request) {
    request.login_hint = text(parameters, "login_hint");
    request.ui_locales = text(parameters, "ui_locales");
    return std::nullopt;
}

checked check_id_token_hint(const http::form& parameters, authorization_request& request,
                            const jose::key_ring& keys, const std::string& issuer) {
    const auto hint = parameters.get("id_token_hint");
    if (!hint) return std::nullopt;
    auto token = read_id_token_hint(*hint, issuer, *request.registry, keys);
    if (!token || token->client != request.client->id) {
        return refuse(request, "invalid_request",
                      "id_token_hint is not an ID token that this issuer gave this client");
    }
    request.hinted_subject = std::move(token->subject);
    return std::nullopt;
}

}  // namespace kommpass::idp::oauth
