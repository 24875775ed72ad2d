#pragma once

#include "idp/tasks/task.hpp"

namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::audit {

class unproven_records;

// Writes the sums of what was counted instead of written, once their window is over. What it refers
// to outlives it.
[[nodiscard]] tasks::task sums_task(store::store&, unproven_records&);

}  // namespace kommpass::idp::audit
