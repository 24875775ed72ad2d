#include "idp/sessions/single_sign_on.hpp"

#include "idp/audit/recording.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/sessions/person_ties.hpp"
#include "idp/store/record_id.hpp"

namespace kommpass::idp::sessions {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_user_agent = 200;
constexpr auto use_is_noted_after = std::chrono::minutes(1);

bool is_over(const store::session& session, const config::session_settings& limits, instant now) {
    return session.expires_at <= now || session.last_used_at + limits.idle <= now;
}

std::string bounded_user_agent(const http::request& request) {
    return std::string(
        request.header("user-agent").value_or(std::string_view()).substr(0, longest_user_agent));
}

awaitable<void> end_everything_of(provider& p, const http::request& request,
                                  const store::session& session) {
    auto record =
        audit::record_of(p, request, audit::event::session_ended_all, "left_the_directory");
    record.member = session.member;
    record.person = session.person;
    const auto person = session.person;
    auto work = [&](store::transaction& t) {
        t.sessions().end_all_of(person);
        t.families().revoke_of_person(person);
        t.audit().append(record);
    };
    co_await p.memory.write(work);
}

}  // namespace

awaitable<result<std::optional<signed_in>, store::store_error>> find_signed_in(
    provider& p, const http::request& request, const browser& from) {
    using answer = result<std::optional<signed_in>, store::store_error>;
    if (from.session_secret.empty()) co_return answer(std::nullopt);
    const auto hash = jose::sha256(from.session_secret);
    auto work = [&](store::transaction& t) { return t.sessions().find_by_secret(hash); };
    auto found = co_await p.memory.read(work);
    if (!found) co_return answer(found.error());
    if (!*found || is_over(**found, p.settings.session, p.time.now()))
        co_return answer(std::nullopt);

    signed_in person;
    person.session = std::move(**found);
    auto current = co_await look_up_current(p, person.session.member, person.session.directory,
                                            person.session.identity_json);
    if (current.too_long_unknown) co_return answer(std::nullopt);  // the password is asked for
    if (!current.who) {
        co_await end_everything_of(p, request, person.session);
        co_return answer(std::nullopt);
    }
    person.who = std::move(*current.who);
    person.from_memory = current.from_memory;
    co_return answer(std::move(person));
}

signed_in make_signed_in(provider& p, const http::request& request, identity who,
                         std::string previous_session) {
    const auto now = p.time.now();
    signed_in person;
    person.new_secret = p.random.token(32);
    person.previous_session = std::move(previous_session);
    auto& session = person.session;
    session.id = store::new_record_id(p.random, now);
    session.secret_hash = jose::sha256(person.new_secret);
    session.member = who.member;
    session.directory = who.id;
    session.identity_json = to_json(who);
    session.authenticated_at = now;
    session.amr = {"pwd"};
    session.acr = oauth::acr_password;
    session.created_at = now;
    session.last_used_at = now;
    session.expires_at = now + p.settings.session.absolute;
    session.user_agent = bounded_user_agent(request);
    session.address = request.peer.to_string();
    person.ties = ties_of(who, *p.keys.get());
    person.who = std::move(who);
    return person;
}

void begin_session(store::transaction& t, signed_in& person, const person_id& candidate,
                   const store::audit_record& sign_in) {
    auto& session = person.session;
    session.person =
        t.persons().ensure(session.member, session.directory, candidate, session.created_at).id;
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

void note_use(store::transaction& t, const signed_in& person, instant now) {
    const auto& session = person.session;
    auto identity_json = person.from_memory ? session.identity_json : to_json(person.who);
    if (identity_json != session.identity_json) {
        auto updated = session;
        updated.identity_json = std::move(identity_json);
        updated.last_used_at = now;
        t.sessions().update(updated);
    } else if (now - session.last_used_at >= use_is_noted_after) {
        t.sessions().touch(session.id, now);
    }
}

void end_session(store::transaction& t, const store::session& session, store::audit_record record) {
    t.sessions().end(session.id);
    t.families().revoke_of_session(session.id);
    record.event = audit::name_of(audit::event::session_ended);
    record.person = session.person;
    record.member = session.member;
    t.audit().append(record);
}

}  // namespace kommpass::idp::sessions
