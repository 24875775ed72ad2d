#pragma once

#include "config/vocabulary/clock.hpp"
#include "directory/connect_workers.hpp"
#include "directory/lockout_guard.hpp"
#include "directory/member_counters.hpp"

namespace kommpass::directory {

// What all I/O threads share of the member directories. Thread-safe; outlives the threads.
struct federation {
    explicit federation(const clock& clock) : time(clock) {}
    const clock& time;
    connect_workers workers;
    directory_statistics statistics;
    lockout_guard lockouts;
};

}  // namespace kommpass::directory
