#include "idp/oauth/end_session_endpoint.hpp"
#include "idp/store/audit_log.hpp"

#include "config/settings.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form_body.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/oauth/front_channel_logout.hpp"
#include "idp/oauth/logout_request.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/observe/log.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/sealed_address.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/refused_return_page.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

constexpr std::string_view sealed_for = "sign-out page 1";
constexpr std::string_view asks_first = "/end-session";
// Whom the page that follows a form tells; no parameter of a request.
constexpr auto told_here = "front_channel";

web::refused_return refused_in(const logout_request& request) {
    return {request.refused_uri, request.client.view().empty()};
}

http::response signed_out_page(const sign_out_parts& p, const http::request& http,
                               const logout_request& request) {
    const auto around = sessions::frame_for(p.settings, http, request.ui_locales);
    if (request.refused_uri.empty())
        return http::html(200, web::render(around, web::signed_out_page{}));
    return http::html(200, web::render(around, web::refused_return_page{refused_in(request)}));
}

login::sign_in_state state_at(const sign_out_parts& p, const sessions::browser& from,
                              login::stage stage, const logout_request& request) {
    return {{}, stage, request.without_hint(), from.id, p.time.now()};
}

// A page of ours that follows a form, if its address is not too long.
std::optional<http::response> on_a_page_of_its_own(const sign_out_parts& p,
                                                   const http::request& http,
                                                   const login::sign_in_state& state) {
    if (http.method != http::method::post) return std::nullopt;
    auto address =
        sessions::sealed_address("/sign-out?page=", *p.keys.get(), sealed_for, state.text());
    if (!address) return std::nullopt;
    return http::see_other(*std::move(address));
}

// The same, with the applications that the page tells.
login::sign_in_state state_after(const sign_out_parts& p, const sessions::browser& from,
                                 const logout_request& request, const front_channel_round& told) {
    auto state = state_at(p, from, login::stage::signed_out, request);
    if (told.empty()) return state;
    state.session = told.session;
    const auto more = http::with_query({}, {{told_here, told.clients_text()}}).substr(1);
    state.parameters += (state.parameters.empty() ? "" : "&") + more;
    return state;
}

http::response signed_out(const sign_out_parts& p, const http::request& http,
                          const sessions::browser& from, const logout_request& request, way_out way,
                          const front_channel_round& told) {
    const auto frame = sessions::frame_for(p.settings, http, request.ui_locales);
    const auto state = state_after(p, from, request, told);
    const bool leaves_at_once =
        way == way_out::redirect && !request.redirect_uri.empty() && told.empty();
    auto answer = leaves_at_once ? std::nullopt : on_a_page_of_its_own(p, http, state);
    if (!answer) {
        if (!told.empty())
            answer = front_channel_page(told, *p.registry.get(), p.settings.issuer, frame,
                                        request.redirect_uri, refused_in(request));
        else
            answer = request.redirect_uri.empty() ? signed_out_page(p, http, request)
                                                  : go_out(request.redirect_uri, frame, way);
    }
    sessions::clear_session_cookie(*answer);
    return *std::move(answer);
}

// To the question, on a page of its own: a form of another browser, or of a session that is over,
// ends nothing.
http::response ask_anew(const std::string& parameters) {
    const std::string address(asks_first);
    return http::see_other(parameters.empty() ? address : address + "?" + parameters);
}

http::response ask(const sign_out_parts& p, const http::request& http,
                   const sessions::browser& from, const sessions::signed_in& person,
                   const logout_request& request) {
    if (http.method == http::method::post) return ask_anew(request.without_hint());
    const auto state = state_at(p, from, login::stage::sign_out, request);
    web::sign_out_page page;
    page.action = "/sign-out";
    page.transaction = state.seal(*p.keys.get());
    page.csrf = sessions::csrf_for(*p.keys.get(), person.session);
    page.person_name = person.who.display_name;
    page.refused = refused_in(request);
    auto answer = http::html(
        200, web::render(sessions::frame_for(p.settings, http, request.ui_locales), page));
    const auto outside = form_action_source(request.redirect_uri);
    answer.form_action = outside.empty() ? "'self'" : "'self' " + outside;
    return answer;
}

// Ends the session; says whom the page has to tell. Nothing if the store does not answer.
awaitable<std::optional<front_channel_round>> end(const sign_out_parts& p,
                                                  const http::request& http,
                                                  const store::session& session,
                                                  const client_id& client,
                                                  std::string_view result) {
    auto record = p.recorder.record_of(http, audit::event::session_ended, result);
    record.client = client;
    auto work = [&](store::transaction& t) {
        auto clients = t.sessions().clients_of(session.id);
        sessions::end_session(t, session, record);
        return clients;
    };
    const auto clients = co_await p.memory.write(work);
    if (!clients) co_return std::nullopt;
    co_return front_channel_round_of(session.id, *clients, *p.registry.get());
}

// Whether the hint is of the session in this browser. An ID token without `sid` speaks of its
// person.
bool is_of(const logout_request& request, const sessions::signed_in& person,
           const policies::snapshot& registry, const jose::key_ring& keys) {
    if (!request.has_valid_hint()) return false;
    if (!request.session.empty()) return request.session == person.session.id;
    const auto entry = registry.find_client(request.client.view());
    return entry.registered != nullptr &&
           subject_for(*entry.registered, *entry.owner, person.session.person, keys) ==
               request.subject;
}

void log_refused_uri(const sign_out_parts& p, const http::request& http,
                     const logout_request& request) {
    if (request.refused_uri.empty()) return;
    p.log.warning(
        "logout.redirect_refused",
        {{"client", request.client.view()}, {"uri", request.refused_uri}, {"request", http.id}});
}

}  // namespace

awaitable<http::response> end_session_endpoint::operator()(const http::request& http) {
    const auto& p = parts_;
    const auto form = http::read_query_or_body(http);
    if (!form) {
        co_return sessions::error_answer(p.settings, http, 400,
                                         web::error_page_reason::bad_request);
    }
    const auto from = sessions::browser::of(http);
    // A cross-site POST comes without our SameSite=Lax cookies; the same request as a GET comes
    // with them.
    if (http.method == http::method::post && from.id.empty() && from.session_secret.empty()) {
        co_return http::see_other(http::with_query("/end-session", form->all()));
    }
    const auto request =
        parse_logout_request(*form, *p.registry.get(), *p.keys.get(), p.settings.issuer);
    if (request.without_hint().size() > login::sign_in_state::longest_parameters) {
        co_return sessions::error_answer(p.settings, http, 400,
                                         web::error_page_reason::bad_request);
    }
    log_refused_uri(p, http, request);

    const auto found = co_await p.sso.find(http, from);
    if (!found)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);
    if (!*found) co_return signed_out(p, http, from, request, way_out::redirect, {});
    const auto& person = **found;
    if (is_of(request, person, *p.registry.get(), *p.keys.get())) {
        const auto told = co_await end(p, http, person.session, request.client, "by_application");
        if (!told)
            co_return sessions::error_answer(p.settings, http, 503,
                                             web::error_page_reason::internal);
        co_return signed_out(p, http, from, request, way_out::redirect, *told);
    }
    co_return ask(p, http, from, person, request);
}

awaitable<http::response> sign_out_endpoint::take_answer(const http::request& http) {
    const auto& p = parts_;
    const auto form = http::read_form_body(http);
    if (!form)
        co_return sessions::error_answer(p.settings, http, 400,
                                         web::error_page_reason::bad_request);
    const auto from = sessions::browser::of(http);
    const auto state = login::sign_in_state::open(
        form->get("transaction").value_or(std::string_view()), *p.keys.get());
    if (!state || state->stage != login::stage::sign_out) co_return ask_anew({});
    const auto asked = http::form::parse(state->parameters);
    if (!asked) co_return ask_anew({});
    if (state->browser != from.id) co_return ask_anew(state->parameters);
    const auto request =
        parse_logout_request(*asked, *p.registry.get(), *p.keys.get(), p.settings.issuer);
    const auto found = co_await p.sso.find(http, from);
    if (!found)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);
    if (!*found) co_return signed_out(p, http, from, request, way_out::page, {});

    const auto& session = (*found)->session;
    if (!equal_in_constant_time(form->get("csrf").value_or(std::string_view()),
                                sessions::csrf_for(*p.keys.get(), session)))
        co_return ask_anew(state->parameters);
    if (form->get("action") != "sign-out") co_return http::see_other("/account");
    const auto told = co_await end(p, http, session, request.client, "by_person");
    if (!told)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);
    co_return signed_out(p, http, from, request, way_out::page, *told);
}

// What follows a form: the question, or that it is done and on to the application.
awaitable<http::response> sign_out_endpoint::show(const http::request& http) {
    const auto& p = parts_;
    const auto from = sessions::browser::of(http);
    const auto query = http::form::parse(http.query);
    const auto sealed = query ? query->get("page") : std::nullopt;
    const auto plain = sealed ? p.keys.get()->open(sealed_for, *sealed) : std::nullopt;
    auto state = plain ? login::sign_in_state::read(*plain) : std::nullopt;
    const auto found = co_await p.sso.find(http, from);
    if (!found)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);
    if (*found) co_return ask_anew(state ? state->parameters : std::string());
    const auto asked = http::form::parse(state ? state->parameters : std::string());
    auto request =
        asked ? parse_logout_request(*asked, *p.registry.get(), *p.keys.get(), p.settings.issuer)
              : logout_request();
    const bool fresh = state && state->stage == login::stage::signed_out &&
                       state->browser == from.id &&
                       p.time.now() - state->started <= login::next_page::answer_lifetime;
    front_channel_round told;
    if (fresh && asked)
        told = front_channel_round::read(state->session,
                                         asked->get(told_here).value_or(std::string_view()));
    if (!fresh) request.redirect_uri.clear();
    co_return signed_out(p, http, from, request, way_out::page, told);
}

awaitable<http::response> sign_out_endpoint::operator()(const http::request& http) {
    if (http.method == http::method::post) co_return co_await take_answer(http);
    co_return co_await show(http);
}

}  // namespace kommpass::idp::oauth
