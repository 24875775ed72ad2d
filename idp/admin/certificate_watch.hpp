#pragma once

namespace kommpass::idp::admin {

struct operation_services;

// Looks at the service's own certificate, and at those of every active member's servers, on the
// thread that waits for directories, and leaves in `found` what is wrong with the first and which
// of the others end soon. For the service itself: at the start, now and then, and at SIGHUP.
void look_at_all_certificates(const operation_services&);

}  // namespace kommpass::idp::admin
