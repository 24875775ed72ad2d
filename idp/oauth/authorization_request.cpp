#include "idp/oauth/authorization_request.hpp"

#include "idp/http/form.hpp"
#include "idp/oauth/authorization_checks.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/web/pages.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

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
    request.target.audience = entry.registered->id;
    request.target.algorithm =
        entry.registered->authorization_response_alg.value_or(entry.registered->id_token_alg);
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
    const auto asked = parse_scope(parameters.get("scope").value_or(std::string_view()));
    return asked && contains(*asked, scopes::openid);
}

// `sub` with a value in the claims parameter means the same as a hint (OpenID Connect Core, 5.5.1).
void adopt_requested_subject(authorization_request& request) {
    const auto* subject = request.claims.in_id_token("sub");
    if (subject != nullptr && subject->values.size() == 1)
        request.hinted_subject = subject->values.front();
}

}  // namespace

parsed_authorization_request parse_authorization_request(const http::form& parameters, arrival how,
                                                         std::string carried,
                                                         policies::snapshot_ptr registry,
                                                         const jose::key_ring& keys,
                                                         const std::string& issuer) {
    authorization_request request;
    request.registry = std::move(registry);
    request.how = std::move(how);
    request.parameters = std::move(carried);
    if (auto page = find_client(parameters, request)) return *std::move(page);
    if (auto page = find_redirect(parameters, request)) return *std::move(page);
    if (lacks_required_redirect(parameters, request)) {
        return refused_with_page{web::error_page_reason::bad_redirect_uri,
                                 "redirect_uri is missing", request.application->name.de,
                                 request.client->id};
    }
    for (const auto check : authorization_checks()) {
        if (auto refused = check(parameters, request)) return *std::move(refused);
    }
    if (auto refused = check_id_token_hint(parameters, request, keys, issuer))
        return *std::move(refused);
    adopt_requested_subject(request);
    return request;
}

parsed_authorization_request refuse_unread(const http::form& outside,
                                           policies::snapshot_ptr registry, std::string_view error,
                                           std::string_view description) {
    authorization_request request;
    request.registry = std::move(registry);
    if (auto page = find_client(outside, request)) return *std::move(page);
    if (auto page = find_redirect(outside, request); page && outside.get("redirect_uri"))
        return *std::move(page);
    if (!outside.get("redirect_uri"))
        return refused_with_page{web::error_page_reason::bad_request,
                                 std::string(error) + ": " + std::string(description),
                                 request.application->name.de, request.client->id};
    (void)check_state(outside, request);
    (void)check_response_mode(outside, request);
    return refused_to_client{request.target, std::string(error), std::string(description),
                             request.client->id};
}

}  // namespace kommpass::idp::oauth
