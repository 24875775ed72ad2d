#pragma once

#include <chrono>

namespace kommpass::idp::store::postgresql {

// Sleeps before attempt number `attempt` (from 1): a random time up to 50 ms, 100 ms, 200 ms, ...,
// never more than a second. Random, so that nodes that lost the database together do not come back
// together.
void pause(int attempt);

[[nodiscard]] std::chrono::milliseconds pause_before(int attempt, double fraction);

}  // namespace kommpass::idp::store::postgresql
