#include "idp/oauth/authorization_endpoint.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/http/form_body.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/oauth/authentication_age.hpp"
#include "idp/oauth/authorization_purpose.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

// A cross-site POST comes without our SameSite=Lax cookies; the same request as a GET comes with
// them.
std::optional<http::response> as_get(const http::request& http, const http::form& form,
                                     const sessions::browser& from) {
    if (http.method != http::method::post || !from.id.empty() || !from.session_secret.empty())
        return std::nullopt;
    return http::see_other(http::with_query("/authorize", form.all()));
}

// An essential acr that no sign-in here reaches (OpenID Connect Core, 5.5.1.1).
bool asks_unreachable_level(const authorization_request& request) {
    const auto* acr = request.claims.in_id_token("acr");
    if (acr == nullptr || !acr->essential || acr->values.empty()) return false;
    return std::none_of(acr->values.begin(), acr->values.end(), sessions::is_reachable);
}

}  // namespace

bool authorization_endpoint::must_sign_in_again(const authorization_request& request,
                                                const sessions::signed_in& person) const {
    const auto age = time_.now() - person.session.authenticated_at;
    if (!is_recent_enough(request, age, proven::before)) return true;
    return !request.hinted_subject.empty() &&
           subject_for(*request.client, *request.application, person.session.person,
                       *keys_.get()) != request.hinted_subject;
}

http::response authorization_endpoint::sign_in_page(const http::request& http,
                                                    const sessions::browser& from,
                                                    const authorization_request& request,
                                                    const sessions::signed_in* present) const {
    return pages_.first(http, from, beginning_of(request, present));
}

awaitable<http::response> authorization_endpoint::authorize(const http::request& http,
                                                            authorization_request request) {
    if (asks_unreachable_level(request)) {
        const auto refused =
            refusal_of(request, "unmet_authentication_requirements", "this acr cannot be reached");
        co_return co_await flow_.refuse_to_client(http, refused);
    }
    const auto from = sessions::browser::of(http);
    auto found = co_await sso_.find(http, from);
    if (!found) {
        const auto refused =
            refusal_of(request, "temporarily_unavailable", "the store does not answer");
        co_return co_await flow_.refuse_to_client(http, refused);
    }
    auto& person = *found;
    if (!person || must_sign_in_again(request, *person)) {
        if (request.prompt.none) {
            const auto refused = refusal_of(request, "login_required", "nobody is signed in");
            co_return co_await flow_.refuse_to_client(http, refused);
        }
        co_return sign_in_page(http, from, request, person ? &*person : nullptr);
    }
    co_return co_await flow_.finish(http, from, request, *std::move(person),
                                    consent_answer::not_asked);
}

awaitable<http::response> authorization_endpoint::operator()(const http::request& http) {
    const auto from = sessions::browser::of(http);
    const auto form = http::read_query_or_body(http);
    const std::string& encoded = http.method == http::method::post ? http.body : http.query;
    if (!form || encoded.size() > login::sign_in_state::longest_parameters) {
        const refused_with_page page{
            web::error_page_reason::bad_request,
            form ? "the request is longer than 8 KiB" : std::string(form.error()),
            {}};
        co_return co_await flow_.refuse_with_page(http, page);
    }
    auto parsed =
        parse_authorization_request(*form, encoded, registry_.get(), *keys_.get(), flow_.issuer());
    if (auto* page = std::get_if<refused_with_page>(&parsed))
        co_return co_await flow_.refuse_with_page(http, *page);
    if (auto* refused = std::get_if<refused_to_client>(&parsed))
        co_return co_await flow_.refuse_to_client(http, *refused);
    if (auto again = as_get(http, *form, from)) co_return *std::move(again);
    co_return co_await authorize(http, std::get<authorization_request>(std::move(parsed)));
}

}  // namespace kommpass::idp::oauth
