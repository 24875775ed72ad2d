#pragma once

#include "directory/pace.hpp"

#include <atomic>

namespace kommpass::tests {

// Time that passes when somebody waits on purpose, and when a test says so: nobody really waits.
class turned_pace final : public directory::pace {
public:
    [[nodiscard]] time_point now() const noexcept override {
        return start_ + std::chrono::nanoseconds(passed_.load());
    }
    [[nodiscard]] boost::asio::awaitable<void> until(time_point when) override {
        const auto left = (when - now()).count();
        if (left > 0) passed_ += left;
        co_return;
    }
    void turn(std::chrono::nanoseconds by) noexcept { passed_ += by.count(); }

private:
    const time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::chrono::nanoseconds::rep> passed_{0};
};

}  // namespace kommpass::tests
