#pragma once

#include "idp/admin/operation_context.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kommpass::idp::store {
struct audit_record;
class transaction;
}  // namespace kommpass::idp::store

// The end of what is held on a person (DSGVO Art. 17).
namespace kommpass::idp::admin {

// Inside a unit of work: the person's access ends as any access does (`sessions::end_of_access`,
// with `record`, whose `result` says why); then sessions, tokens, consents, answers of reviews and
// the person go. The audit log keeps records that nobody can tie to them. Whoever calls it records
// that it was done.
void forget_person(store::transaction&, const person_id&, store::audit_record record);

// Erases a person, and then the grants, withdrawals and exceptions of theirs and of who stands in
// for them, with a revision of their own. What earlier revisions say is a random id, which leads to
// nobody any more. `by`: who does it, for the record. Two units of work: if the second fails, the
// refusal says so in its details, and the command may be repeated.
[[nodiscard]] boost::asio::awaitable<answer<bool>> erase_person(operation_context&, const actor&,
                                                                person_id, std::string reason,
                                                                std::string by);

}  // namespace kommpass::idp::admin
