#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"

#include <string>

namespace kommpass::idp::store {

// A new public id for a session, a token family or a person: 26 characters of Crockford's base32,
// 48 bits of `now` in milliseconds and 80 random bits (a ULID). Ids that were made one after the
// other stand beside each other in an index, so that a commit touches one page for all of them: an
// id that is random from its first letter works as well, at a page for each record. Unique, but no
// secret: it tells when it was made.
[[nodiscard]] std::string new_record_id(randomness&, instant now);

}  // namespace kommpass::idp::store
