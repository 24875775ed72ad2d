#pragma once

#include "idp/tasks/task.hpp"

namespace kommpass {
class held_clock;
}
namespace kommpass::idp::observe {
class log;
}

namespace kommpass::idp::tasks {

// Says when the wall clock has jumped and is held back, and when that is over. On every node, each
// second: each has a clock of its own. Both outlive the task.
[[nodiscard]] task clock_task(const held_clock&, observe::log&);

}  // namespace kommpass::idp::tasks
