#pragma once

#include "directory/permitted_addresses.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace kommpass::directory {

// Threads for what libldap can only do blocking: connecting. One for each attempt, so that attempts
// that hang take no thread away from others; how many there may be at once is bounded for each
// member by its clients. Thread-safe.
class connect_workers {
public:
    // Also has this process ignore SIGPIPE: libldap writes to sockets in a way that raises it when
    // the server is gone. `reachable`: the addresses that they may connect to.
    explicit connect_workers(permitted_addresses reachable = {});
    connect_workers(const connect_workers&) = delete;
    // Waits for the attempts that are under way: at most about a connect_timeout.
    ~connect_workers();

    // Runs `work` on a thread of its own. `work` must not throw.
    void run(std::function<void()> work);
    [[nodiscard]] std::size_t running() const;
    [[nodiscard]] const permitted_addresses& permitted() const noexcept { return permitted_; }

private:
    const permitted_addresses permitted_;
    mutable std::mutex mutex_;
    std::condition_variable finished_;
    std::size_t running_ = 0;
};

}  // namespace kommpass::directory
