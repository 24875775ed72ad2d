#include "idp/account/account_endpoint.hpp"

#include "config/settings.hpp"
#include "idp/account/account_visitor.hpp"
#include "idp/account/own_roles.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/browser_description.hpp"
#include "idp/web/language.hpp"
#include "idp/web/local_time_text.hpp"

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;

struct listed_session {
    store::session session;
    std::vector<client_id> clients;
};

web::session_entry entry_for(const account_parts& p, const listed_session& listed,
                             const sessions::signed_in& person, web::language lang) {
    const auto registry = p.registry.get();
    web::session_entry entry;
    entry.id = listed.session.id;
    entry.browser = web::browser_description(listed.session.user_agent, lang);
    entry.address = listed.session.address;
    entry.since = web::local_time_text(listed.session.authenticated_at, lang);
    entry.last_used = web::local_time_text(listed.session.last_used_at, lang);
    entry.current = listed.session.id == person.session.id;
    for (const auto& client : listed.clients) {
        const auto found = registry->find_client(client.view());
        if (found.owner != nullptr) entry.applications.push_back(found.owner->name.de);
    }
    return entry;
}

// What a button ends: one session of this person, or all of them with everything that was given to
// applications.
void end_as_asked(store::transaction& t, std::string_view action, const sessions::signed_in& person,
                  store::audit_record record) {
    if (action == "end-all") {
        sessions::end_all_access(t, person.session.person, person.session.member,
                                 std::move(record));
        return;
    }
    const auto session = t.sessions().find(action.substr(4));
    if (session && session->person == person.session.person)
        sessions::end_session(t, *session, record);
}

}  // namespace

awaitable<http::response> account_endpoint::show(const http::request& http,
                                                 const sessions::signed_in& person) {
    const auto& p = parts_;
    const auto now = p.time.now();
    auto work = [&](store::transaction& t) {
        std::vector<listed_session> all;
        for (auto& session : t.sessions().of_person(person.session.person)) {
            if (sessions::is_over(session, p.settings.session, now)) continue;
            auto clients = t.sessions().clients_of(session.id);
            all.push_back({std::move(session), std::move(clients)});
        }
        return all;
    };
    const auto listed = co_await p.memory.read(work);
    if (!listed)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);

    const auto frame = sessions::frame_for(p.settings, http);
    const auto registry = p.registry.get();
    const auto* member = registry->find_member(person.session.member);
    web::sessions_page page;
    page.action = "/account";
    page.csrf = sessions::csrf_for(*p.keys.get(), person.session);
    page.person_name = person.who.display_name;
    page.member_name = member != nullptr ? member->name.de : std::string();
    page.offer_password = member != nullptr && member->directory.change_password;
    auto roles = co_await own_roles_of(operations_, person, frame.lang);
    page.roles = std::move(roles.held);
    page.resting_roles = std::move(roles.resting);
    for (const auto& one : *listed) page.sessions.push_back(entry_for(p, one, person, frame.lang));
    co_return http::html(200, web::render(frame, page));
}

awaitable<http::response> account_endpoint::end_sessions(const http::request& http,
                                                         const sessions::signed_in& person) {
    const auto& p = parts_;
    const auto posted = posted_form(p, http, person);
    if (const auto* wrong = std::get_if<http::response>(&posted)) co_return *wrong;
    const auto& form = std::get<http::form>(posted);
    const std::string action(form.get("action").value_or(std::string_view()));
    if (action != "end-all" && !action.starts_with("end:")) {
        co_return sessions::error_answer(p.settings, http, 400,
                                         web::error_page_reason::bad_request);
    }
    auto record = p.recorder.record_of(http, audit::event::session_ended, "by_person");
    record.member = person.session.member;
    record.person = person.session.person;
    auto work = [&](store::transaction& t) { end_as_asked(t, action, person, record); };
    const auto done = co_await p.memory.write(work);
    if (!done)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);

    if (action != "end-all" && action.substr(4) != person.session.id)
        co_return http::see_other("/account");
    auto answer = http::see_other("/sign-out");
    sessions::clear_session_cookie(answer);
    co_return answer;
}

awaitable<http::response> account_endpoint::operator()(const http::request& http) {
    auto visitor = co_await find_visitor(parts_, http);
    if (auto* elsewhere = std::get_if<http::response>(&visitor)) co_return std::move(*elsewhere);
    const auto& person = std::get<sessions::signed_in>(visitor);
    if (http.method == http::method::post) co_return co_await end_sessions(http, person);
    co_return co_await show(http, person);
}

}  // namespace kommpass::idp::account
