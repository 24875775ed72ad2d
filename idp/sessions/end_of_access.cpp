#include "idp/sessions/end_of_access.hpp"

#include "idp/audit/events.hpp"
#include "idp/sessions/access_ended.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::sessions {
namespace {

// In the same unit of work: who has to hear of it hears of it, whatever happens to this process. A
// person's ends stay in their order.
void announce(store::transaction& t, const person_id& person, std::string_view session,
              const store::audit_record& record) {
    boost::json::object what;
    what["person"] = person.view();
    what["session"] = session;  // empty: all of them
    what["why"] = record.result;
    t.outbox().put(access_ended_topic, person.view(), boost::json::serialize(what), record.at);
}

}  // namespace

void end_session(store::transaction& t, const store::session& session, store::audit_record record) {
    t.sessions().end(session.id);
    t.families().revoke_of_session(session.id);
    record.event = audit::name_of(audit::event::session_ended);
    record.person = session.person;
    record.member = session.member;
    t.audit().append(record);
    announce(t, session.person, session.id, record);
}

std::size_t end_all_access(store::transaction& t, const person_id& person,
                           const member_slug& member, store::audit_record record) {
    const auto ended = t.sessions().end_all_of(person);
    t.families().revoke_of_person(person);
    record.event = audit::name_of(audit::event::session_ended_all);
    record.person = person;
    record.member = member;
    t.audit().append(record);
    announce(t, person, {}, record);
    return ended.size();
}

}  // namespace kommpass::idp::sessions
