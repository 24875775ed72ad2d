#pragma once

#include "config/vocabulary/clock.hpp"
#include "directory/line/address_book.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace kommpass::directory {

// Threads for what libldap can only do blocking: connecting. One for each attempt, so that attempts
// that hang take no thread away from others; how many there may be at once is bounded for each
// member by its clients. Thread-safe.
class connect_workers {
public:
    // Also has this process ignore SIGPIPE, should a library write to a line that is gone.
    // `time`: by which certificates are judged. `reachable`: the addresses that they may connect
    // to.
    explicit connect_workers(const clock& time, address_book reachable = {});
    connect_workers(const connect_workers&) = delete;
    // Waits for the attempts that are under way: at most about a connect_timeout.
    ~connect_workers();

    // Runs `work` on a thread of its own. `work` must not throw.
    void run(std::function<void()> work);
    [[nodiscard]] std::size_t running() const;
    // What was refused before is to be tried at once, whatever is known: the operator has mended
    // it.
    void try_again() noexcept { ++said_to_try_again_; }
    [[nodiscard]] std::uint64_t times_said_to_try_again() const noexcept {
        return said_to_try_again_;
    }
    [[nodiscard]] const address_book& addresses() const noexcept { return addresses_; }
    [[nodiscard]] std::int64_t unix_seconds() const { return to_unix_seconds(time_.now()); }

private:
    const clock& time_;
    const address_book addresses_;
    std::atomic<std::uint64_t> said_to_try_again_{0};
    mutable std::mutex mutex_;
    std::condition_variable finished_;
    std::size_t running_ = 0;
};

}  // namespace kommpass::directory
