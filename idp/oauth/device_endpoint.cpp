#include "idp/oauth/device_endpoint.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/form_body.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/device_codes.hpp"
#include "idp/oauth/device_purpose.hpp"
#include "idp/oauth/device_tries.hpp"
#include "idp/oauth/user_code.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/device_requests.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/device_page.hpp"
#include "idp/web/local_time_text.hpp"
#include "policies/own_rights.hpp"
#include "policies/snapshot.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;
using web::error_page_reason;

constexpr std::string_view question_seal = "device question 1";
constexpr std::string_view done_seal = "device done 1";
constexpr std::string_view allowed_word = "allowed";
constexpr std::string_view denied_word = "denied";

http::response sign_in_first(const device_parts& p, const http::request& http,
                             const sessions::browser& from) {
    const auto form = http::form::parse(http.query);
    login::beginning begins;
    begins.purpose = device_purpose_name;
    const auto code = form ? form->get("user_code") : std::nullopt;
    if (code && user_code::read(*code))
        begins.parameters = http::with_query({}, {{"user_code", std::string(*code)}}).substr(1);
    return p.pages.first(http, from, std::move(begins));
}

http::response code_page(const device_parts& p, const http::request& http,
                         const sessions::signed_in& person, std::string typed,
                         web::device_code_page::problem what, unsigned status = 200) {
    web::device_code_page page;
    page.user_code = std::move(typed);
    page.what = what;
    page.person_name = person.who.display_name;
    return http::html(status, web::render(sessions::frame_for(p.settings, http), page));
}

// The answer to a form leads to a page whose address carries what was done.
http::response done_page(const device_parts& p, bool allowed) {
    const auto sealed = p.keys.get()->seal(done_seal, allowed ? allowed_word : denied_word);
    return http::see_other("/device?done=" + sealed);
}

error_page_reason reason_for(policies::access verdict) {
    switch (verdict) {
        case policies::access::no_role:
            return error_page_reason::no_role;
        case policies::access::weak_sign_in:
        case policies::access::old_sign_in:
            return error_page_reason::weak_sign_in;
        case policies::access::wrong_network:
            return error_page_reason::wrong_network;
        default:
            return error_page_reason::no_subscription;
    }
}

bool has_own_rights(const policies::snapshot& registry, const policies::evaluated_person& who) {
    const auto all = registry.evaluate(who);
    return std::any_of(all.roles.begin(), all.roles.end(),
                       [](const auto& role) { return policies::is_own_right(role.name); });
}

// Why this person may not sign a device of this client in; nothing: they may.
std::optional<error_page_reason> why_not(const policies::snapshot& registry,
                                         const policies::client_entry& entry,
                                         const sessions::signed_in& person,
                                         const http::request& http, instant now) {
    const auto& grants = entry.registered->grant_types;
    if (std::find(grants.begin(), grants.end(), policies::grant_types::device_code) == grants.end())
        return error_page_reason::unknown_client;
    const policies::evaluated_person who{person.who, person.session.person, local_day_of(now)};
    const auto address = http.peer.to_string();
    const policies::sign_in_circumstances how{
        person.session.acr,
        std::chrono::duration_cast<std::chrono::seconds>(now - person.session.authenticated_at),
        address};
    const auto decision = registry.decide(who, *entry.owner, &how);
    if (decision.verdict != policies::access::granted) return reason_for(decision.verdict);
    if (has_own_rights(registry, who)) return error_page_reason::weak_sign_in;
    return std::nullopt;
}

store::issued_code code_for(const store::device_request& asked, const sessions::signed_in& person,
                            std::string family) {
    store::issued_code code;
    code.code_hash = device::code_hash_for(asked.device_code_hash);
    auto& given = code.given;
    given.family = std::move(family);
    given.client = asked.client;
    given.person = person.session.person;
    given.session = person.session.id;
    given.member = person.session.member;
    given.directory = person.session.directory;
    given.scope = asked.scope;
    given.resources = asked.resources;
    given.identity_json =
        person.from_memory ? person.session.identity_json : sessions::to_json(person.who);
    given.authenticated_at = person.session.authenticated_at;
    given.amr = person.session.amr;
    given.acr = person.session.acr;
    code.expires_at = asked.expires_at;
    return code;
}

}  // namespace

http::response device_endpoint::question(const http::request& http,
                                         const sessions::signed_in& person,
                                         const store::device_request& asked,
                                         const std::string& user_code) {
    const auto& p = parts_;
    const auto registry = p.registry.get();
    const auto entry = registry->find_client(asked.client.view());
    if (entry.registered == nullptr)
        return code_page(p, http, person, {}, web::device_code_page::problem::unknown, 404);
    const auto frame = sessions::frame_for(p.settings, http);
    const auto keys = p.keys.get();
    web::device_question_page page;
    page.transaction = keys->seal(
        question_seal, base64url::encode(asked.device_code_hash) + "\n" + person.session.id);
    page.csrf = sessions::csrf_for(*keys, person.session);
    page.user_code = user_code::shown(user_code);
    page.application = frame.lang == web::language::en && !entry.owner->name.en.empty()
                           ? entry.owner->name.en
                           : entry.owner->name.de;
    page.asked_from = asked.address;
    page.asked_at = web::local_time_text(asked.asked_at, frame.lang);
    page.scopes = asked.scope;
    page.person_name = person.who.display_name;
    return http::html(200, web::render(frame, page));
}

awaitable<http::response> device_endpoint::show(const http::request& http,
                                                const sessions::signed_in& person) {
    using problem = web::device_code_page::problem;
    const auto& p = parts_;
    const auto form = http::form::parse(http.query);
    if (const auto done = form ? form->get("done") : std::nullopt) {
        const auto what = p.keys.get()->open(done_seal, *done);
        if (!what) co_return http::see_other("/device");
        co_return http::html(200, web::render(sessions::frame_for(p.settings, http),
                                              web::device_done_page{*what == allowed_word}));
    }
    const auto typed = form ? form->get("user_code") : std::nullopt;
    if (!typed) co_return code_page(p, http, person, {}, problem::none);
    const auto code = user_code::read(*typed);
    if (!code) co_return code_page(p, http, person, std::string(*typed), problem::unknown, 404);
    const auto now = p.time.now();
    const auto keys = p.keys.get();
    std::optional<std::chrono::seconds> wait;
    auto work = [&](store::transaction& t) -> std::optional<store::device_request> {
        wait = count_device_try(t, *keys, person.session.person, http.peer, now);
        if (wait) return std::nullopt;
        return t.devices().find_waiting(jose::sha256(*code), now);
    };
    const auto found = co_await p.memory.write(work);
    if (!found)
        co_return sessions::error_answer(p.settings, http, 503, error_page_reason::internal);
    if (wait) {
        auto later = code_page(p, http, person, std::string(*typed), problem::too_many, 429);
        later.headers.emplace_back("Retry-After", std::to_string(wait->count()));
        co_return later;
    }
    if (!*found) co_return code_page(p, http, person, std::string(*typed), problem::unknown, 404);
    co_return question(http, person, **found, *code);
}

awaitable<http::response> device_endpoint::take_answer(const http::request& http,
                                                       const sessions::signed_in& person) {
    const auto& p = parts_;
    const auto form = http::read_form_body(http);
    if (!form)
        co_return sessions::error_answer(p.settings, http, 400, error_page_reason::bad_request);
    const auto keys = p.keys.get();
    const auto state =
        keys->open(question_seal, form->get("transaction").value_or(std::string_view()));
    const auto line = state ? state->find('\n') : std::string::npos;
    const bool own = line != std::string::npos && state->substr(line + 1) == person.session.id &&
                     equal_in_constant_time(form->get("csrf").value_or(std::string_view()),
                                            sessions::csrf_for(*keys, person.session));
    if (!own) co_return http::see_other("/device");  // of another session: asked anew
    const auto hash = base64url::decode(state->substr(0, line));
    const auto action = form->get("action");
    if (!hash || (action != "allow" && action != "deny"))
        co_return sessions::error_answer(p.settings, http, 400, error_page_reason::bad_request);
    co_return co_await decide(http, person, *hash, action == "allow");
}

awaitable<http::response> device_endpoint::decide(const http::request& http,
                                                  const sessions::signed_in& person,
                                                  const std::string& device_code_hash,
                                                  bool allowed) {
    const auto& p = parts_;
    const auto now = p.time.now();
    auto look = [&](store::transaction& t) { return t.devices().find(device_code_hash); };
    const auto asked = co_await p.memory.read(look);
    if (!asked)
        co_return sessions::error_answer(p.settings, http, 503, error_page_reason::internal);
    if (!*asked || (*asked)->expires_at <= now)
        co_return sessions::error_answer(p.settings, http, 410, error_page_reason::page_expired);
    const auto registry = p.registry.get();
    const auto entry = registry->find_client((*asked)->client.view());
    std::optional<error_page_reason> no = error_page_reason::unknown_client;
    if (entry.registered != nullptr) no = why_not(*registry, entry, person, http, now);
    const bool given = allowed && !no;
    auto record = p.recorder.record_of(
        http, given ? audit::event::authorization_granted : audit::event::authorization_refused,
        given ? "ok" : (allowed ? "not_allowed" : "by_person"));
    record.client = (*asked)->client;
    record.person = person.session.person;
    record.member = person.session.member;
    record.detail_json = audit::detail(
        {{"grant", policies::grant_types::device_code}, {"device", (*asked)->address}});
    auto code = code_for(**asked, person, store::new_record_id(p.random, now));
    auto work = [&](store::transaction& t) {
        const auto answer =
            given ? store::device_decision::allowed : store::device_decision::denied;
        if (!t.devices().decide(device_code_hash, answer)) return false;
        if (given) t.codes().put(code);
        sessions::note_use(t, person, now);
        t.audit().append(record);
        return true;
    };
    const auto done = co_await p.memory.write(work);
    if (!done) co_return sessions::error_answer(p.settings, http, 503, error_page_reason::internal);
    if (!*done)
        co_return sessions::error_answer(p.settings, http, 410, error_page_reason::page_expired);
    if (allowed && no) co_return sessions::error_answer(p.settings, http, 403, *no);
    co_return done_page(p, given);
}

awaitable<http::response> device_endpoint::operator()(const http::request& http) {
    const auto& p = parts_;
    const auto from = sessions::browser::of(http);
    const auto found = co_await p.sso.find(http, from);
    if (!found)
        co_return sessions::error_answer(p.settings, http, 503, error_page_reason::internal);
    if (!*found) co_return sign_in_first(p, http, from);
    const auto& person = **found;
    if (http.method == http::method::post) co_return co_await take_answer(http, person);
    co_return co_await show(http, person);
}

}  // namespace kommpass::idp::oauth
