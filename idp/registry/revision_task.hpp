#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/tasks/task.hpp"
#include "policies/snapshot.hpp"

#include <functional>

namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::tasks {
class worker_thread;
}
namespace kommpass::idp::registry {

// Takes over revisions that a command or another node has made. `registry_changed` is called
// after it took one. What it refers to outlives it.
[[nodiscard]] tasks::task revision_task(store::store&, live<policies::snapshot>&, observe::log&,
                                        tasks::worker_thread&,
                                        std::function<void()> registry_changed);

}  // namespace kommpass::idp::registry
