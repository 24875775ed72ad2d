#pragma once

#include "config/vocabulary/clock.hpp"

#include <atomic>
#include <chrono>

namespace kommpass::idp::store {

// When the store took nothing for a while, as this process saw it. What was asked for then may have
// been done although it was answered as failed (docs/decisions/0046), and whoever asked could learn
// that only now: a time within which something may be repeated goes on for as long.
// Thread-safe, without locks.
class outages {
public:
    // A commit is waited for, and then decided about, for so long before a failure is told.
    static constexpr std::chrono::seconds unnoticed{20};
    // Whoever repeats does so soon after the store works again.
    static constexpr std::chrono::seconds recent{10};

    void begins(instant now) noexcept;
    void ends(instant now) noexcept;

    // How far back what was answered may not have arrived; zero where the store has worked for long
    // enough.
    [[nodiscard]] std::chrono::milliseconds looks_back(instant now) const noexcept;

private:
    using count = std::chrono::milliseconds::rep;
    static constexpr count never = -1;

    std::atomic<count> begun_{never};
    std::atomic<count> ended_{never};  // `never` while it lasts
};

}  // namespace kommpass::idp::store
