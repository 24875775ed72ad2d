#pragma once

#include <string>

namespace kommpass::config {
struct listener;
}

namespace kommpass::idp::service {

// The same after a restart, so that this node goes on with its leases at once; another one for each
// node, also where two are on one machine: else both would hold every lease.
[[nodiscard]] std::string node_name(const config::listener& own);

}  // namespace kommpass::idp::service
