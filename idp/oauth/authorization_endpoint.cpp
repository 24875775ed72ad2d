#include "idp/oauth/authorization_endpoint.hpp"

#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/levels.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

// A cross-site POST comes without our SameSite=Lax cookies; the same request as a GET comes with
// them.
std::optional<http::response> as_get(const http::request& http, const sessions::browser& from) {
    if (http.method != http::method::post || !from.id.empty() || !from.session_secret.empty())
        return std::nullopt;
    return http::see_other("/authorize?" + http.body);
}

// An essential acr that no sign-in here reaches (OpenID Connect Core, 5.5.1.1).
bool asks_unreachable_level(const authorization_request& request) {
    const auto* acr = request.claims.in_id_token("acr");
    if (acr == nullptr || !acr->essential || acr->values.empty()) return false;
    return std::none_of(acr->values.begin(), acr->values.end(), sessions::is_reachable);
}

// `sub` with a value in the claims parameter means the same as a hint (OpenID Connect Core, 5.5.1).
void adopt_requested_subject(authorization_request& request) {
    const auto* subject = request.claims.in_id_token("sub");
    if (subject != nullptr && subject->values.size() == 1)
        request.hinted_subject = subject->values.front();
}

bool must_sign_in_again(const provider& p, const authorization_request& request,
                        const sessions::signed_in& person) {
    if (request.prompt.login || request.prompt.select_account) return true;
    const auto age = p.time.now() - person.session.authenticated_at;
    if (request.max_age && age >= *request.max_age) return true;
    return !request.hinted_subject.empty() &&
           subject_for(*request.client, *request.application, person.session.person,
                       *p.keys.get()) != request.hinted_subject;
}

awaitable<http::response> authorize(provider& p, const http::request& http,
                                    authorization_request request) {
    if (asks_unreachable_level(request)) {
        co_return co_await refuse_to_client(
            p, http,
            refusal_of(request, "unmet_authentication_requirements", "this acr cannot be reached"));
    }
    adopt_requested_subject(request);
    const auto from = sessions::browser::of(http);
    auto found = co_await p.sso.find(http, from);
    if (!found) {
        co_return co_await refuse_to_client(
            p, http, refusal_of(request, "temporarily_unavailable", "the store does not answer"));
    }
    auto& person = *found;
    if (!person || must_sign_in_again(p, request, *person)) {
        if (request.prompt.none) {
            co_return co_await refuse_to_client(
                p, http, refusal_of(request, "login_required", "nobody is signed in"));
        }
        co_return login::first_page(p, http, from, request, person ? &*person : nullptr);
    }
    co_return co_await finish_authorization(p, http, from, request, *std::move(person),
                                            consent_answer::not_asked);
}

}  // namespace

awaitable<http::response> authorization_endpoint(provider& p, const http::request& http) {
    const auto from = sessions::browser::of(http);
    const auto form = read_query_or_body(http);
    const std::string& encoded = http.method == http::method::post ? http.body : http.query;
    if (!form || encoded.size() > login::sign_in_transaction::longest_parameters) {
        const refused_with_page page{
            web::error_page_reason::bad_request,
            form ? "the request is longer than 8 KiB" : form.error().description,
            {}};
        co_return co_await refuse_with_page(p, http, page);
    }
    auto parsed = parse_authorization_request(*form, encoded, p.registry.get(), *p.keys.get());
    if (auto* page = std::get_if<refused_with_page>(&parsed))
        co_return co_await refuse_with_page(p, http, *page);
    if (auto* refused = std::get_if<refused_to_client>(&parsed))
        co_return co_await refuse_to_client(p, http, *refused);
    if (auto again = as_get(http, from)) co_return *std::move(again);
    co_return co_await authorize(p, http, std::get<authorization_request>(std::move(parsed)));
}

}  // namespace kommpass::idp::oauth
