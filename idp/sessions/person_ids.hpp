#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
struct person;
class transaction;
}  // namespace kommpass::idp::store

namespace kommpass::idp::sessions {

// A person's id is a keyed hash of the member and the directory's immutable id, under a secret of
// the key file: whoever signs in first after a backup was restored is who they were before. The
// store's table keeps who is known, and the exceptions: who was tied to another entry later, and
// whose id is from before ids were derived. The member is part of it, so that no directory makes
// another member's person by showing its id (docs/decisions/0036-person-ids-are-derived.md).
//
// Inside a unit of work, each. 26 digits of Crockford's base 32, as ids of sessions.

// The id that the entry's person has, or will have once they are known.
[[nodiscard]] person_id id_of_entry(store::transaction&, const jose::key_ring&, const member_slug&,
                                    const directory_id&);

// The entry's person, who is known from now on.
[[nodiscard]] store::person person_of_entry(store::transaction&, const jose::key_ring&,
                                            const member_slug&, const directory_id&, instant now);

}  // namespace kommpass::idp::sessions
