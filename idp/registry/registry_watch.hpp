#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/observe/log.hpp"
#include "policies/snapshot.hpp"

#include <functional>
#include <string>

namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::registry {

// Takes over a newer revision from the store, if there is one: compiles it and replaces the
// snapshot. A revision that does not compile (made by a newer version, say) is logged and the
// running one stays. Blocks: for a worker thread. True if the snapshot was replaced.
bool take_newest_revision(store::store&, live<policies::snapshot>&, observe::log&);

// The snapshot that the service starts with: the newest revision; for a store without one, `folder`
// becomes the first. Throws std::runtime_error naming every mistake.
[[nodiscard]] policies::snapshot_ptr first_snapshot(store::store&, const std::string& folder,
                                                    instant now);

}  // namespace kommpass::idp::registry
