#include "idp/sessions/end_of_access.hpp"

#include "idp/audit/events.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::sessions {

void end_session(store::transaction& t, const store::session& session, store::audit_record record) {
    t.sessions().end(session.id);
    t.families().revoke_of_session(session.id);
    record.event = audit::name_of(audit::event::session_ended);
    record.person = session.person;
    record.member = session.member;
    t.audit().append(record);
}

std::size_t end_all_access(store::transaction& t, const person_id& person,
                           const member_slug& member, store::audit_record record) {
    const auto ended = t.sessions().end_all_of(person);
    t.families().revoke_of_person(person);
    record.event = audit::name_of(audit::event::session_ended_all);
    record.person = person;
    record.member = member;
    t.audit().append(record);
    return ended.size();
}

}  // namespace kommpass::idp::sessions
