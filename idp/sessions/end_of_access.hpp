#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <cstddef>

namespace kommpass::idp::store {
struct audit_record;
struct session;
class transaction;
}  // namespace kommpass::idp::store

// The one way to end a person's access: whoever signs out, an administrator, a directory that knows
// somebody no longer, and erasure all end it here, in one unit of work with its audit record.
// `record` says when, by whom and why (`result`); event, person and member are filled in here.
namespace kommpass::idp::sessions {

// Ends one session and revokes what was given under it, but for offline access.
void end_session(store::transaction&, const store::session&, store::audit_record record);

// Ends every session of the person and revokes everything that was given to applications. Gives the
// number of sessions.
std::size_t end_all_access(store::transaction&, const person_id&, const member_slug&,
                           store::audit_record record);

}  // namespace kommpass::idp::sessions
