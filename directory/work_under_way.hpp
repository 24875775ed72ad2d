#pragma once

#include "directory/member_counters.hpp"

#include <atomic>
#include <cstddef>

namespace kommpass::directory {

// Counts a piece of a member's work in, and out again however it ends.
class work_under_way {
public:
    work_under_way(std::size_t& under_way, member_counters& counters)
        : under_way_(under_way), counters_(counters) {
        ++under_way_;
        counters_.in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    ~work_under_way() {
        --under_way_;
        counters_.in_flight.fetch_sub(1, std::memory_order_relaxed);
    }
    work_under_way(const work_under_way&) = delete;
    work_under_way& operator=(const work_under_way&) = delete;

private:
    std::size_t& under_way_;
    member_counters& counters_;
};

}  // namespace kommpass::directory
