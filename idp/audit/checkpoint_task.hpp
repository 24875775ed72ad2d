#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/tasks/task.hpp"

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::tasks {
class worker_thread;
}
namespace kommpass::idp::audit {

// Signs the head of the audit chain now and then. What it refers to outlives it.
[[nodiscard]] tasks::task checkpoint_task(store::store&, const live<jose::key_ring>&, const clock&,
                                          tasks::worker_thread&);

}  // namespace kommpass::idp::audit
