#pragma once

#include "config/vocabulary/randomness.hpp"

#include <chrono>

namespace kommpass::idp::tasks {

struct back_off {
    std::chrono::milliseconds first_wait{5'000};
    std::chrono::milliseconds longest_wait{900'000};
};

// How long to wait after so many failed attempts (1 or more): a random time between half and whole
// of `first_wait` doubled that many times, but no less than `first_wait` and no more than
// `longest_wait`. Random, so that what failed together does not come back together.
[[nodiscard]] std::chrono::milliseconds wait_after(long long failed, const back_off&, randomness&);

}  // namespace kommpass::idp::tasks
