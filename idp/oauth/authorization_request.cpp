#include "idp/oauth/authorization_request.hpp"

#include "idp/jose/foreign_jwt.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/redirect_uri.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_state = 2048;
constexpr std::size_t longest_nonce = 512;

using refusal = std::optional<refused_to_client>;

// One request while it is being judged. Each check either lets it pass or says what goes back to
// the client.
class judgement {
public:
    judgement(const http::form& parameters, authorization_request& request)
        : parameters_(parameters), request_(request) {}

    refusal all() {
        using check = refusal (judgement::*)();
        static constexpr std::initializer_list<check> in_order{&judgement::state,
                                                               &judgement::response_mode_,
                                                               &judgement::no_repeated_parameter,
                                                               &judgement::response_type,
                                                               &judgement::not_supported,
                                                               &judgement::grant_allowed,
                                                               &judgement::scope,
                                                               &judgement::challenge,
                                                               &judgement::nonce,
                                                               &judgement::prompt_,
                                                               &judgement::max_age,
                                                               &judgement::claims};
        for (const auto step : in_order) {
            if (auto refused = (this->*step)()) return refused;
        }
        request_.login_hint = text("login_hint");
        request_.ui_locales = text("ui_locales");
        return std::nullopt;
    }

    refusal id_token_hint(const jose::key_ring& keys) {
        const auto hint = parameters_.get("id_token_hint");
        if (!hint) return std::nullopt;
        const auto payload = keys.verify_own(*hint, "JWT");
        const auto claims =
            payload ? jose::parse_strict_object(*payload) : jose::jwt_error::malformed;
        const auto* subject = claims ? claims->if_contains("sub") : nullptr;
        if (subject == nullptr || !subject->is_string()) {
            return refuse("invalid_request", "id_token_hint is not an ID token of this issuer");
        }
        request_.hinted_subject = std::string(subject->get_string());
        return std::nullopt;
    }

private:
    std::string text(std::string_view name) const {
        return std::string(parameters_.get(name).value_or(std::string_view()));
    }

    refusal refuse(std::string_view error, std::string_view description) const {
        return refused_to_client{request_.target, std::string(error), std::string(description),
                                 request_.client->id};
    }

    // First of all, since every refusal carries them back.
    refusal state() {
        request_.target.state = text("state");
        if (request_.target.state.size() <= longest_state) return std::nullopt;
        request_.target.state.clear();
        return refuse("invalid_request", "state is longer than 2048 bytes");
    }

    refusal response_mode_() {
        const auto mode = parameters_.get("response_mode");
        if (!mode || *mode == "query") return std::nullopt;
        if (*mode != "form_post") {
            return refuse("invalid_request", "response_mode is neither query nor form_post");
        }
        request_.target.mode = response_mode::form_post;
        return std::nullopt;
    }

    refusal no_repeated_parameter() {
        if (const auto name = parameters_.first_repeated()) {
            return refuse("invalid_request", "a parameter occurs more than once");
        }
        return std::nullopt;
    }

    refusal response_type() {
        const auto type = parameters_.get("response_type");
        if (!type) return refuse("invalid_request", "response_type is missing");
        if (*type != "code")
            return refuse("unsupported_response_type", "only response_type code is offered");
        return std::nullopt;
    }

    refusal not_supported() {
        if (parameters_.get("request")) {
            return refuse("request_not_supported", "request objects are not supported");
        }
        if (parameters_.get("request_uri")) {
            return refuse("request_uri_not_supported", "request_uri is not supported");
        }
        if (parameters_.get("registration")) {
            return refuse("registration_not_supported",
                          "self-issued registration is not supported");
        }
        return std::nullopt;
    }

    refusal grant_allowed() {
        if (contains(request_.client->grant_types, "authorization_code")) return std::nullopt;
        return refuse("unauthorized_client", "the client is not registered for the code flow");
    }

    refusal scope() {
        const auto asked = parameters_.get("scope");
        if (!asked) return refuse("invalid_scope", "scope is missing");
        const auto parsed = parse_scope(*asked);
        if (!parsed) return refuse("invalid_scope", "scope has a character that it cannot have");
        request_.scope = only_allowed(*parsed, request_.client->scopes);
        if (!contains(request_.client->grant_types, "refresh_token")) {
            std::erase(request_.scope, "offline_access");
        }
        if (request_.scope.empty()) {
            return refuse("invalid_scope", "the client is registered for none of these scopes");
        }
        return std::nullopt;
    }

    refusal challenge() {
        request_.challenge = text("code_challenge");
        const auto method = text("code_challenge_method");
        if (request_.challenge.empty()) {
            if (!method.empty()) return refuse("invalid_request", "code_challenge is missing");
            if (!request_.client->require_pkce) return std::nullopt;
            return refuse("invalid_request", "code_challenge is required (PKCE with S256)");
        }
        if (method != "S256")
            return refuse("invalid_request", "code_challenge_method must be S256");
        if (!pkce::well_formed_challenge(request_.challenge)) {
            return refuse("invalid_request", "code_challenge is not 43 characters of base64url");
        }
        return std::nullopt;
    }

    refusal nonce() {
        request_.nonce = text("nonce");
        if (request_.nonce.size() <= longest_nonce) return std::nullopt;
        return refuse("invalid_request", "nonce is longer than 512 bytes");
    }

    refusal prompt_() {
        const auto values = parse_scope(text("prompt"));  // the same grammar: words and spaces
        if (!values) return refuse("invalid_request", "prompt has a character that it cannot have");
        for (const auto& value : *values) {
            if (value == "none")
                request_.prompt.none = true;
            else if (value == "login")
                request_.prompt.login = true;
            else if (value == "consent")
                request_.prompt.consent = true;
            else if (value == "select_account")
                request_.prompt.select_account = true;
            else
                return refuse("invalid_request", "prompt has an unknown value");
        }
        if (request_.prompt.none && values->size() > 1) {
            return refuse("invalid_request", "prompt none cannot stand with another value");
        }
        return std::nullopt;
    }

    refusal max_age() {
        request_.max_age = request_.client->default_max_age;
        // What the application demands of every sign-in, whatever its client asks for.
        const auto longest = request_.application->longest_sign_in_age;
        const auto bounded = [&](std::optional<std::chrono::seconds> asked) {
            if (longest && (!asked || *longest < *asked)) return longest;
            return asked;
        };
        request_.max_age = bounded(request_.max_age);
        const auto sent = parameters_.get("max_age");
        if (!sent) return std::nullopt;
        unsigned seconds = 0;
        const auto* end = sent->data() + sent->size();
        const auto [stopped, error] = std::from_chars(sent->data(), end, seconds);
        if (error != std::errc() || stopped != end) {
            return refuse("invalid_request", "max_age is not a number of seconds");
        }
        request_.max_age = bounded(std::chrono::seconds(seconds));
        return std::nullopt;
    }

    refusal claims() {
        const auto sent = parameters_.get("claims");
        if (!sent) return std::nullopt;
        auto parsed = parse_claims_request(*sent);
        if (!parsed) return refuse("invalid_request", parsed.error());
        request_.claims = std::move(*parsed);
        request_.claims_json = std::string(*sent);
        return std::nullopt;
    }

    const http::form& parameters_;
    authorization_request& request_;
};

bool occurs_twice(const http::form& parameters, std::string_view name) {
    return std::count_if(parameters.all().begin(), parameters.all().end(),
                         [&](const auto& pair) { return pair.first == name; }) > 1;
}

std::optional<refused_with_page> find_client(const http::form& parameters,
                                             authorization_request& request) {
    using reason = web::error_page_reason;
    const auto id = parameters.get("client_id");
    if (!id || occurs_twice(parameters, "client_id")) {
        return refused_with_page{reason::unknown_client, "client_id is missing or repeated", {}};
    }
    const auto entry = request.registry->find_client(*id);
    if (entry.registered == nullptr) {
        return refused_with_page{reason::unknown_client, "client_id " + std::string(*id), {}};
    }
    request.client = entry.registered;
    request.application = entry.owner;
    return std::nullopt;
}

std::optional<refused_with_page> find_redirect(const http::form& parameters,
                                               authorization_request& request) {
    const auto refuse = [&](std::string detail) {
        return refused_with_page{web::error_page_reason::bad_redirect_uri, std::move(detail),
                                 request.application->name.de, request.client->id};
    };
    const auto& registered = request.client->redirect_uris;
    const auto uri = parameters.get("redirect_uri");
    if (occurs_twice(parameters, "redirect_uri")) return refuse("redirect_uri is repeated");
    if (!uri) {
        if (registered.size() != 1) return refuse("redirect_uri is missing");
        request.redirect_uri_was_sent = false;
        request.target.redirect_uri = registered.front();
        return std::nullopt;
    }
    if (!is_registered_redirect(registered, *uri))
        return refuse("redirect_uri " + std::string(*uri));
    request.target.redirect_uri = std::string(*uri);
    return std::nullopt;
}

// OpenID Connect Core, 3.1.2.1 requires the redirect URI; without a proven one there is nowhere to
// send the error.
bool lacks_required_redirect(const http::form& parameters, const authorization_request& request) {
    if (request.redirect_uri_was_sent) return false;
    const auto scopes = parse_scope(parameters.get("scope").value_or(std::string_view()));
    return scopes && contains(*scopes, "openid");
}

}  // namespace

parsed_authorization_request parse_authorization_request(const http::form& parameters,
                                                         std::string_view encoded,
                                                         policies::snapshot_ptr registry,
                                                         const jose::key_ring& keys) {
    authorization_request request;
    request.registry = std::move(registry);
    request.parameters = std::string(encoded);
    if (auto page = find_client(parameters, request)) return *std::move(page);
    if (auto page = find_redirect(parameters, request)) return *std::move(page);
    if (lacks_required_redirect(parameters, request)) {
        return refused_with_page{web::error_page_reason::bad_redirect_uri,
                                 "redirect_uri is missing", request.application->name.de,
                                 request.client->id};
    }
    judgement judge(parameters, request);
    if (auto refused = judge.all()) return *std::move(refused);
    if (auto refused = judge.id_token_hint(keys)) return *std::move(refused);
    return request;
}

}  // namespace kommpass::idp::oauth
