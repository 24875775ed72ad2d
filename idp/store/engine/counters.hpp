#pragma once

#include <atomic>
#include <cstdint>

namespace kommpass::idp::store::engine {

struct counters {
    std::atomic<std::uint64_t> writes = 0;
    std::atomic<std::uint64_t> commits = 0;
    std::atomic<std::uint64_t> reads = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> failures = 0;
};

}  // namespace kommpass::idp::store::engine
