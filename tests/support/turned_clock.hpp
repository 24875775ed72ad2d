#pragma once

#include "config/vocabulary/clock.hpp"

#include <atomic>

namespace kommpass::tests {

// A clock that stands still until the test turns it. Thread-safe.
class turned_clock final : public clock {
public:
    explicit turned_clock(instant start = from_unix_seconds(1'790'000'000))
        : now_(start.time_since_epoch().count()) {}
    [[nodiscard]] instant now() const noexcept override {
        return instant{std::chrono::milliseconds{now_.load()}};
    }
    void turn(std::chrono::milliseconds by) noexcept { now_ += by.count(); }

private:
    std::atomic<long long> now_;
};

}  // namespace kommpass::tests
