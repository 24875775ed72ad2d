#include "idp/oauth/authorization_flow.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authentication_age.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/oauth/consent.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/oauth/step_up.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {

using boost::asio::awaitable;

login::appearance appearance_of(const authorization_request& request) {
    login::appearance looks;
    looks.application = request.application->name;
    looks.ui_locales = request.ui_locales;
    looks.form_action = form_action_source(request.target.redirect_uri);
    looks.offers_cancel = true;
    looks.client = request.client->id;
    looks.links = {request.client->policy_uri, request.client->tos_uri, request.client->logo_uri};
    return looks;
}

login::beginning beginning_of(const authorization_request& request,
                              const sessions::signed_in* present) {
    const bool another = request.prompt.select_account || !request.hinted_subject.empty();
    return {authorize_purpose, request.parameters, appearance_of(request), request.login_hint,
            another ? nullptr : present};
}

const std::string& authorization_flow::issuer() const noexcept { return parts_.settings.issuer; }

http::response authorization_flow::to_client(const response_target& target,
                                             response_parameters parameters,
                                             const web::frame& around, way_out way) const {
    const auto keys = parts_.keys.get();
    const answering by{parts_.settings.issuer, *keys, parts_.time.now()};
    return answer_to_client(target, by, std::move(parameters), around, way);
}

http::response authorization_flow::answer(const http::request& http, const sessions::browser& from,
                                          const authorization_request& request,
                                          response_parameters parameters, way_out way) const {
    if (way == way_out::page && http.method == http::method::post) {
        login::next_page page{login::face::answer,
                              {std::string(authorize_purpose), login::stage::identify,
                               request.parameters, from.id, parts_.time.now()}};
        const auto encoded = http::with_query({}, parameters);
        page.answer = encoded.substr(std::min<std::size_t>(1, encoded.size()));
        if (auto address = page.address(*parts_.keys.get()))
            return http::see_other(*std::move(address));
    }
    auto frame = sessions::frame_for(parts_.settings, http, request.ui_locales);
    frame.application_name = request.application->name.de;
    return to_client(request.target, std::move(parameters), frame, way);
}

http::response authorization_flow::carried_answer(const http::request& http,
                                                  const authorization_request& request,
                                                  std::string_view encoded) const {
    const auto form = http::form::parse(encoded);
    auto parameters = form ? form->all() : response_parameters();
    auto frame = sessions::frame_for(parts_.settings, http, request.ui_locales);
    frame.application_name = request.application->name.de;
    return to_client(request.target, std::move(parameters), frame, way_out::page);
}

bool authorization_flow::must_sign_in_again(const authorization_request& request,
                                            const sessions::signed_in& person) const {
    const auto age = parts_.time.now() - person.session.authenticated_at;
    if (!oauth::is_recent_enough(request, age, proven::before)) return true;
    if (level_of(request, person.session.acr) == level_standing::stronger) return true;
    return !request.hinted_subject.empty() &&
           subject_for(*request.client, *request.application, person.session.person,
                       *parts_.keys.get()) != request.hinted_subject;
}

awaitable<http::response> authorization_flow::begin(const http::request& http,
                                                    const sessions::browser& from,
                                                    const authorization_request& request, begun how,
                                                    way_out way) {
    const auto refused = [&](std::string_view error, std::string_view description) {
        return refusal_of(request, error, description);
    };
    if (level_of(request, {}) == level_standing::unreachable) {
        const auto no = refused("unmet_authentication_requirements", "this acr cannot be reached");
        co_return co_await refuse(http, from, request, no, way);
    }
    auto found = co_await parts_.sso.find(http, from);
    if (!found) {
        const auto no = refused("temporarily_unavailable", "the store does not answer");
        co_return co_await refuse(http, from, request, no, way);
    }
    auto& person = *found;
    if (person && !must_sign_in_again(request, *person))
        co_return co_await finish(http, from, request, *std::move(person),
                                  consent_answer::not_asked, way);
    if (request.prompt.none) {
        const auto no = refused("login_required", "nobody is signed in");
        co_return co_await refuse(http, from, request, no, way);
    }
    auto begins = beginning_of(request, person ? &*person : nullptr);
    begins.anew = how.anew;
    if (!how.user_name.empty()) begins.login_hint = std::move(how.user_name);
    co_return parts_.pages.first(http, from, std::move(begins));
}

bool authorization_flow::is_recent_enough(const authorization_request& request,
                                          const sessions::signed_in& person) const {
    const auto age = parts_.time.now() - person.session.authenticated_at;
    return person.is_new() || oauth::is_recent_enough(request, age, proven::in_this_interaction);
}

awaitable<http::response> authorization_flow::take_consent(const http::request& http,
                                                           const sessions::browser& from,
                                                           const authorization_request& request,
                                                           sessions::signed_in person,
                                                           bool allowed) {
    const auto& session = person.session;
    auto record = parts_.recorder.record_of(
        http, allowed ? audit::event::consent_given : audit::event::consent_refused, "ok");
    record.member = session.member;
    record.person = session.person;
    record.client = request.client->id;
    const auto now = parts_.time.now();
    auto work = [&](store::transaction& t) {
        if (allowed) remember_consent(t, session.person, request, now);
        t.audit().append(record);
    };
    const auto done = co_await parts_.memory.write(work);
    if (!done)
        co_return sessions::error_answer(parts_.settings, http, 503,
                                         web::error_page_reason::internal);
    if (!allowed) {
        const auto refused = refusal_of(request, "access_denied", "the person refused");
        co_return co_await refuse(http, from, request, refused, way_out::page);
    }
    co_return co_await finish(http, from, request, std::move(person), consent_answer::given,
                              way_out::page);
}

awaitable<http::response> authorization_flow::refuse_with_page(const http::request& http,
                                                               const refused_with_page& refused) {
    // Only a registered client's mistakes are recorded: its operator wants to see them. Anybody
    // else's would fill the log.
    if (!refused.client.empty()) {
        const bool by_address = refused.reason == web::error_page_reason::bad_redirect_uri;
        auto record = parts_.recorder.record_of(http, audit::event::authorization_refused,
                                                by_address ? "redirect_uri" : "invalid_request");
        record.client = refused.client;
        record.detail_json = audit::detail({{"description", refused.detail}});
        co_await parts_.recorder.append(std::move(record));
    }
    const web::error_page page{refused.reason, refused.detail, {}, refused.application_name};
    co_return http::html(refused.status,
                         web::render(sessions::frame_for(parts_.settings, http), page));
}

awaitable<void> authorization_flow::record(const http::request& http,
                                           const refused_to_client& refused) {
    auto record =
        parts_.recorder.record_of(http, audit::event::authorization_refused, refused.error);
    record.client = refused.client;
    record.detail_json = audit::detail({{"description", refused.description}});
    co_await parts_.recorder.append(std::move(record));
}

awaitable<http::response> authorization_flow::refuse_to_client(const http::request& http,
                                                               const refused_to_client& refused,
                                                               way_out way) {
    co_await record(http, refused);
    co_return to_client(refused.target, parameters_of(refused),
                        sessions::frame_for(parts_.settings, http), way);
}

awaitable<http::response> authorization_flow::refuse(const http::request& http,
                                                     const sessions::browser& from,
                                                     const authorization_request& request,
                                                     const refused_to_client& refused,
                                                     way_out way) {
    co_await record(http, refused);
    co_return answer(http, from, request, parameters_of(refused), way);
}

refused_to_client refusal_of(const authorization_request& request, std::string_view error,
                             std::string_view description) {
    return {request.target, std::string(error), std::string(description), request.client->id};
}

}  // namespace kommpass::idp::oauth
