#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "policies/registry.hpp"

#include <string>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

// The `sub` that this client sees for this person (OpenID Connect Core, 8): for a public subject
// the person id, for a pairwise one a keyed hash of sector and person id. Never changes, never the
// login name; 43 characters at most. The sector is the client's own, else its application: all
// clients of an application see the same subject.
[[nodiscard]] std::string subject_for(const policies::client&, const policies::application&,
                                      const person_id&, const jose::key_ring&);

}  // namespace kommpass::idp::oauth
