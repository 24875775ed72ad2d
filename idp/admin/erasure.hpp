#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace kommpass::idp::store {
struct audit_record;
class transaction;
}  // namespace kommpass::idp::store

// The end of what is held on a person (DSGVO Art. 17).
namespace kommpass::idp::admin {

struct operation_context;
class actor;
struct erased_person {
    std::size_t sessions = 0;   // that were live until then
    std::size_t documents = 0;  // grants, withdrawals and exceptions
    long long revision = 0;     // in force afterwards
};

// Erases a person: their access ends (with its record and a row of the outbox); sessions, tokens,
// consents, answers of reviews and the person go; so do the grants, withdrawals and exceptions of
// theirs and of who stands in for them, as a revision; the audit log keeps records that nobody can
// tie to them, and who erased and why. All of it is one unit of work: it is done whole or not at
// all. What earlier revisions say is a random id, which leads to nobody any more.
//
// For whoever administers the association, and never for oneself: who erases themselves would be
// unknown in the records of their own acts. `reason` (up to 300 bytes) stays, and must not name the
// person.
[[nodiscard]] boost::asio::awaitable<answer<erased_person>> erase_person(operation_context&,
                                                                         const actor&, person_id,
                                                                         std::string reason);

// The part of it that is the store's, inside a unit of work. `like`: time, result and origin of
// the records. Gives the number of sessions that ended; nothing is done for whom nobody knows.
struct erasure_record {
    std::string who;
    std::string reason;
    instant at{};
    std::string result{};
    std::string request{};
    std::string address{};
};
std::optional<std::size_t> forget_person(store::transaction&, const person_id&,
                                         const erasure_record& like);

}  // namespace kommpass::idp::admin
