#pragma once

#include "config/vocabulary/clock.hpp"

#include <atomic>
#include <chrono>
#include <optional>

namespace kommpass {

// How much time has passed since some moment: runs on whatever the wall clock is set to.
class passing_time {
public:
    virtual ~passing_time() = default;
    [[nodiscard]] virtual std::chrono::milliseconds passed() const noexcept = 0;
};

// The kernel's, which goes on while the machine is suspended (CLOCK_BOOTTIME).
class system_passing_time final : public passing_time {
public:
    [[nodiscard]] std::chrono::milliseconds passed() const noexcept override;
};

// The wall clock, as long as it moves as time passes. A wall clock that jumps by two days would end
// every session, empty the audit log and retire keys, for good, in the second before it is set
// right. So a jump is held back: time goes on from where it was, for everybody who asks, until the
// clock is back, or has stayed where it jumped to for as long as it jumped (`hold_for`), or a
// person accepts it. Of all that the service does by the clock this is the only guard.
//
// Thread-safe, without locks: it is asked in every request.
class held_clock final : public clock {
public:
    // Less than this is a clock that is being corrected, and simply taken over.
    static constexpr std::chrono::milliseconds jump = std::chrono::minutes(2);
    static constexpr std::chrono::milliseconds shortest_hold = std::chrono::minutes(5);
    static constexpr std::chrono::milliseconds longest_hold = std::chrono::hours(6);
    [[nodiscard]] static std::chrono::milliseconds hold_for(
        std::chrono::milliseconds jumped) noexcept;

    // Both outlive it.
    held_clock(const clock& wall, const passing_time& passing);

    [[nodiscard]] instant now() const noexcept override;

    // At the start: a wall clock that is behind `newest`, which was noted by it once, is wrong.
    // Time goes on from there until the clock has caught up, or is believed as after a jump.
    void begin_no_earlier_than(instant newest) noexcept;

    // By how much the wall clock is ahead of the time that is told (behind: negative); nothing
    // while they agree.
    [[nodiscard]] std::optional<std::chrono::milliseconds> ahead() const noexcept;
    // Takes the wall clock as it is, because somebody has looked at it.
    void accept() noexcept;

private:
    using count = std::chrono::milliseconds::rep;
    static constexpr count none = -1;

    void settle_at(count offset) const noexcept;

    const clock& wall_;
    const passing_time& passing_;
    // What to add to the time that passed; what the wall clock wanted instead, since when.
    mutable std::atomic<count> agreed_;
    mutable std::atomic<count> wanted_{0};
    mutable std::atomic<count> since_{none};
    mutable std::atomic<bool> is_behind_at_start_{false};
};

}  // namespace kommpass
