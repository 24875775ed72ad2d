#pragma once

#include "idp/provider.hpp"

namespace kommpass::idp::admin {

// Looks at the certificates of every active member's servers, in the back room, and leaves on the
// desk which of them end soon. For the service itself, now and then.
void look_at_all_certificates(provider&);

}  // namespace kommpass::idp::admin
