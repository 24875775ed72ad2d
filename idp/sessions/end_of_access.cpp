#include "idp/sessions/end_of_access.hpp"

#include "idp/audit/events.hpp"
#include "idp/sessions/access_ended.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::sessions {
namespace {

// Who got tokens under which session: read before the end, since it goes with the session.
using informed = std::vector<std::pair<std::string, client_id>>;

informed informed_under(store::transaction& t, const std::vector<std::string>& sessions) {
    informed all;
    for (const auto& session : sessions) {
        for (auto& client : t.sessions().clients_of(session))
            all.emplace_back(session, std::move(client));
    }
    return all;
}

// In the same unit of work: who has to hear of it hears of it, whatever happens to this process. A
// person's ends stay in their order. Somebody may have so many sessions that one entry would be
// too large.
void announce(store::transaction& t, const person_id& person, const informed& all,
              const store::audit_record& record) {
    constexpr std::size_t in_one_entry = 200;
    std::span<const informed::value_type> left(all);
    do {
        const auto part = left.first(std::min(left.size(), in_one_entry));
        left = left.subspan(part.size());
        boost::json::array clients;
        for (const auto& [session, client] : part)
            clients.push_back(boost::json::object{{"session", session}, {"client", client.view()}});
        const boost::json::object what{
            {"person", person.view()}, {"why", record.result}, {"clients", std::move(clients)}};
        t.outbox().put(access_ended_topic, person.view(), boost::json::serialize(what), record.at);
    } while (!left.empty());
}

}  // namespace

void end_session(store::transaction& t, const store::session& session, store::audit_record record) {
    const auto told = informed_under(t, {session.id});
    t.sessions().end(session.id);
    t.families().revoke_of_session(session.id);
    record.event = audit::name_of(audit::event::session_ended);
    record.person = session.person;
    record.member = session.member;
    t.audit().append(record);
    announce(t, session.person, told, record);
}

std::size_t end_all_access(store::transaction& t, const person_id& person,
                           const member_slug& member, store::audit_record record) {
    std::vector<std::string> sessions;
    for (auto& one : t.sessions().of_person(person)) sessions.push_back(std::move(one.id));
    const auto told = informed_under(t, sessions);
    const auto ended = t.sessions().end_all_of(person);
    t.families().revoke_of_person(person);
    record.event = audit::name_of(audit::event::session_ended_all);
    record.person = person;
    record.member = member;
    t.audit().append(record);
    announce(t, person, told, record);
    return ended.size();
}

}  // namespace kommpass::idp::sessions
