#pragma once

#include "idp/admin/operation_context.hpp"

namespace kommpass::idp::admin {

// Looks at the certificates of every active member's servers, on the thread that waits for
// directories, and leaves in `found` which of them end soon. For the service itself, now and then.
void look_at_all_certificates(const operation_services&);

}  // namespace kommpass::idp::admin
