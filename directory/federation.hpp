#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "directory/connect_workers.hpp"
#include "directory/kept_connections.hpp"
#include "directory/lockout_guard.hpp"
#include "directory/member_counters.hpp"
#include "directory/pace.hpp"

#include <utility>

namespace kommpass::directory {

// What all I/O threads share of the member directories. Thread-safe; outlives the threads.
struct federation {
    // `reachable`: the addresses at which directories may be reached.
    explicit federation(const clock& clock, address_book reachable = {})
        : federation(clock, own_pace_, own_random_, std::move(reachable)) {}
    federation(const clock& clock, directory::pace& passing, randomness& unpredictable,
               address_book reachable = {})
        : time(clock), pace(passing), random(unpredictable), workers(clock, std::move(reachable)) {}
    const clock& time;
    directory::pace& pace;
    randomness& random;
    connect_workers workers;
    directory_statistics statistics;
    lockout_guard lockouts;
    kept_connections kept;

private:
    real_pace own_pace_;
    system_randomness own_random_;
};

}  // namespace kommpass::directory
