#pragma once

#include "config/vocabulary/identity.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {
struct person_tie;
}

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::sessions {

// The keyed hash under which an attribute's value is remembered, so that a person can be found
// again in another directory without the value being kept. Case and surrounding space do not
// count.
[[nodiscard]] std::string tie_hash(const jose::key_ring&, const member_slug&,
                                   std::string_view attribute, std::string_view value);

[[nodiscard]] std::vector<store::person_tie> ties_of(const identity&, const jose::key_ring&);

}  // namespace kommpass::idp::sessions
