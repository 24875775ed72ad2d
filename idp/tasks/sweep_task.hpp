#pragma once

#include "idp/tasks/task.hpp"

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::tasks {

// Deletes what has expired from the store, a bite at a time. What it refers to outlives it.
[[nodiscard]] task sweep_task(store::store&, const clock&);

}  // namespace kommpass::idp::tasks
