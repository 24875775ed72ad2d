#include "config/vocabulary/held_clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace kommpass {

std::chrono::milliseconds system_passing_time::passed() const noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  std::chrono::nanoseconds(now.tv_nsec));
}

std::chrono::milliseconds held_clock::hold_for(std::chrono::milliseconds jumped) noexcept {
    const auto size = jumped < std::chrono::milliseconds(0) ? -jumped : jumped;
    return std::clamp(size, shortest_hold, longest_hold);
}

held_clock::held_clock(const clock& wall, const passing_time& passing)
    : wall_(wall),
      passing_(passing),
      agreed_((wall.now().time_since_epoch() - passing.passed()).count()) {}

// Two threads that see a jump at once write the same, or a millisecond apart.
instant held_clock::now() const noexcept {
    const auto passed = passing_.passed().count();
    const auto wall = wall_.now();
    const auto offset = wall.time_since_epoch().count() - passed;
    const auto agreed = agreed_.load(std::memory_order_relaxed);
    const auto ahead = offset - agreed;
    const bool was_behind = is_behind_at_start_.load(std::memory_order_relaxed);
    if (std::abs(ahead) < jump.count() || (was_behind && ahead >= 0)) {
        // A clock that drifts, or is corrected bit by bit, is followed; not written each time.
        if (was_behind || since_.load(std::memory_order_relaxed) != none ||
            std::abs(ahead) > jump.count() / 8)
            settle_at(offset);
        return wall;
    }
    const auto since = since_.load(std::memory_order_relaxed);
    if (since == none ||
        std::abs(offset - wanted_.load(std::memory_order_relaxed)) >= jump.count()) {
        wanted_.store(offset, std::memory_order_relaxed);
        since_.store(passed, std::memory_order_relaxed);
    } else if (passed - since >= hold_for(std::chrono::milliseconds(ahead)).count()) {
        settle_at(offset);
        return wall;
    }
    return instant(std::chrono::milliseconds(passed + agreed));
}

void held_clock::settle_at(count offset) const noexcept {
    agreed_.store(offset, std::memory_order_relaxed);
    since_.store(none, std::memory_order_relaxed);
    is_behind_at_start_.store(false, std::memory_order_relaxed);
}

void held_clock::begin_no_earlier_than(instant newest) noexcept {
    if (newest - now() < jump) return;
    agreed_.store((newest.time_since_epoch() - passing_.passed()).count(),
                  std::memory_order_relaxed);
    is_behind_at_start_.store(true, std::memory_order_relaxed);
}

std::optional<std::chrono::milliseconds> held_clock::ahead() const noexcept {
    const auto told = now();
    if (since_.load(std::memory_order_relaxed) == none) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall_.now() - told);
}

void held_clock::accept() noexcept {
    settle_at((wall_.now().time_since_epoch() - passing_.passed()).count());
}

}  // namespace kommpass
