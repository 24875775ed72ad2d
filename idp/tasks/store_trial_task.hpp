#pragma once

#include "idp/tasks/task.hpp"

#include <functional>

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::tasks {

// While the store takes nothing (`fails`), tries whether it does again: a node that is not ready
// gets no requests that would find out. Writes nothing while it works. What is given outlives the
// task.
[[nodiscard]] task store_trial_task(store::store&, const clock&, std::function<bool()> fails);

}  // namespace kommpass::idp::tasks
