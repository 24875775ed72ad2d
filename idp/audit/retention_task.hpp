#pragma once

#include "idp/tasks/task.hpp"

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}
namespace kommpass::config {
struct retention_settings;
}
namespace kommpass::idp::tasks {
class worker_thread;
}
namespace kommpass::idp::audit {

// Empties records whose time is over (R40). What it refers to outlives it.
[[nodiscard]] tasks::task retention_task(store::store&, const config::retention_settings&,
                                         const clock&, tasks::worker_thread&);

}  // namespace kommpass::idp::audit
