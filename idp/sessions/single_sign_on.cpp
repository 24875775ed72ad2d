#include "idp/sessions/single_sign_on.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/sessions/person_ids.hpp"
#include "idp/sessions/person_ties.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::sessions {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_user_agent = 200;
constexpr auto use_is_noted_after = std::chrono::minutes(1);

std::string bounded_user_agent(const http::request& request) {
    return std::string(
        request.header("user-agent").value_or(std::string_view()).substr(0, longest_user_agent));
}

}  // namespace

awaitable<void> single_sign_on::end_everything_of(const http::request& request,
                                                  const store::session& session) {
    const auto record =
        recorder_.record_of(request, audit::event::session_ended_all, "left_the_directory");
    auto work = [&](store::transaction& t) {
        end_all_access(t, session.person, session.member, record);
    };
    co_await memory_.write(work);
}

awaitable<single_sign_on::found> single_sign_on::find(const http::request& request,
                                                      const browser& from) {
    using answer = found;
    if (from.session_secret.empty()) co_return answer(std::nullopt);
    const auto hash = jose::sha256(from.session_secret);
    auto work = [&](store::transaction& t) { return t.sessions().find_by_secret(hash); };
    auto stored = co_await memory_.read(work);
    if (!stored) co_return answer(stored.error());
    if (!*stored || is_over(**stored, limits_, time_.now())) co_return answer(std::nullopt);

    signed_in person;
    person.session = std::move(**stored);
    auto current = co_await identities_.look_up(person.session.member, person.session.directory,
                                                person.session.identity_json);
    if (current.too_long_unknown) co_return answer(std::nullopt);  // the password is asked for
    if (!current.who) {
        co_await end_everything_of(request, person.session);
        co_return answer(std::nullopt);
    }
    person.who = std::move(*current.who);
    person.from_memory = current.from_memory;
    co_return answer(std::move(person));
}

signed_in single_sign_on::make(const http::request& request, identity who,
                               std::string previous_session, std::vector<std::string> amr) {
    const auto now = time_.now();
    signed_in person;
    person.new_secret = random_.token(32);
    person.previous_session = std::move(previous_session);
    auto& session = person.session;
    session.id = store::new_record_id(random_, now);
    session.secret_hash = jose::sha256(person.new_secret);
    session.member = who.member;
    session.directory = who.id;
    session.identity_json = to_json(who);
    session.authenticated_at = now;
    session.acr = acr_of(amr);
    session.amr = std::move(amr);
    session.created_at = now;
    session.last_used_at = now;
    session.expires_at = now + limits_.absolute;
    session.user_agent = bounded_user_agent(request);
    session.address = request.peer.to_string();
    person.ties = ties_of(who, *keys_.get());
    person.who = std::move(who);
    return person;
}

awaitable<bool> single_sign_on::settle(const http::request& request, signed_in& person,
                                       client_id client) {
    auto record = recorder_.record_of(request, audit::event::sign_in_success, "ok");
    record.client = std::move(client);
    const auto keys = keys_.get();
    auto work = [&](store::transaction& t) { begin_session(t, person, *keys, record); };
    const auto done = co_await memory_.write(work);
    co_return done.has_value();
}

void begin_session(store::transaction& t, signed_in& person, const jose::key_ring& keys,
                   const store::audit_record& sign_in) {
    auto& session = person.session;
    session.person =
        person_of_entry(t, keys, session.member, session.directory, session.created_at).id;
    t.persons().remember_ties(session.person, person.ties);
    auto record = sign_in;
    record.person = session.person;
    record.member = session.member;

    const auto previous =
        person.previous_session.empty() ? std::nullopt : t.sessions().find(person.previous_session);
    if (previous && previous->person == session.person) {
        // The same session under a new secret: what applications know as `sid` goes on.
        session.id = previous->id;
        session.created_at = previous->created_at;
        t.sessions().update(session);
    } else {
        if (previous) end_session(t, *previous, record);
        t.sessions().put(session);
    }
    t.audit().append(record);
}

bool is_over(const store::session& session, const config::session_settings& limits, instant now) {
    return session.expires_at <= now || session.last_used_at + limits.idle <= now;
}

bool is_use_due(const store::session& session, instant now) {
    return now - session.last_used_at >= use_is_noted_after;
}

void note_use(store::transaction& t, const signed_in& person, instant now) {
    const auto& session = person.session;
    auto identity_json = person.from_memory ? session.identity_json : to_json(person.who);
    if (identity_json != session.identity_json) {
        auto updated = session;
        updated.identity_json = std::move(identity_json);
        updated.last_used_at = now;
        t.sessions().update(updated);
    } else if (is_use_due(session, now)) {
        t.sessions().touch(session.id, now);
    }
}

}  // namespace kommpass::idp::sessions
