#pragma once

#include "config/settings.hpp"
#include "policies/registry.hpp"

namespace kommpass::policies {

// Judges the whole registry; every mistake, with the document ("mappings/lebus-meldeamt") and the
// remedy.
[[nodiscard]] config::mistakes validate(const registry&);

// The parts, one for each kind of document.
void validate_member(const registry&, const member&, config::mistakes&);
void validate_client(const registry&, const application&, const client&, config::mistakes&);
void validate_mapping(const registry&, const mapping&, config::mistakes&);

}  // namespace kommpass::policies
