#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/tasks/task.hpp"

#include <atomic>
#include <chrono>
#include <optional>

namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::tasks {

// How far this node's clock is from the one that all nodes share: the store's server's. A node
// whose clock is a minute off gives codes that are over at the next node, and ends sessions that
// live: it must not be ready. Thread-safe, without locks.
class shared_clock {
public:
    // Clocks that are kept by NTP differ by far less, and nothing that lives shorter is handed from
    // node to node.
    static constexpr std::chrono::milliseconds most = std::chrono::seconds(10);

    // What the shared clock said was asked for and answered between these two moments of our own:
    // only what lies outside of them is a difference.
    void note(instant asked, instant shared, instant answered) noexcept;
    // How far ours is ahead of the shared one (behind: negative); zero while they agree.
    [[nodiscard]] std::chrono::milliseconds ahead() const noexcept {
        return std::chrono::milliseconds(ahead_.load());
    }
    [[nodiscard]] bool agrees() const noexcept { return ahead() <= most && -ahead() <= most; }

private:
    std::atomic<std::chrono::milliseconds::rep> ahead_{0};
};

// Blocks: for the start, before anybody is served. Throws `std::runtime_error` where the store does
// not answer.
void compare_once(store::store&, const clock&, shared_clock&);

// Compares on every node, every two seconds, and says when they differ by too much and when they
// agree again. What is given outlives the task. An engine without a server agrees always.
[[nodiscard]] task shared_clock_task(store::store&, const clock&, shared_clock&, observe::log&);

}  // namespace kommpass::idp::tasks
