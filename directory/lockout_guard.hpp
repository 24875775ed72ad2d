#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kommpass::directory {

// Keeps wrong passwords that come through us below a directory's own lock-out threshold (R48), so
// that nobody can lock a town hall's accounts by guessing here. Counted for each account of a
// directory, whichever of its names was typed, and for each name that is nobody's, so that the two
// look alike. Lasts as long as the process. Bounded: what has been quiet longest goes first.
// Thread-safe; one for all I/O threads.
class lockout_guard {
public:
    using time_point = std::chrono::steady_clock::time_point;
    struct rule {
        std::size_t threshold = 0;  // the directory's; 0: it never locks
        std::chrono::seconds window{0};
    };

    // Zero: one attempt may go to the directory, and counts as a wrong one until it is told of.
    // Else how long to wait.
    [[nodiscard]] std::chrono::milliseconds admit(const std::string& account, rule, time_point now);
    // The password was right: the directory forgets its count, and so do we.
    void succeeded(const std::string& account);
    // The directory never judged the password.
    void withdrawn(const std::string& account);

private:
    struct tally {
        std::size_t wrong = 0;
        time_point last{};
    };
    void make_room(time_point now);

    std::mutex mutex_;
    std::unordered_map<std::string, tally> tallies_;
};

// How many of a directory's attempts we use up ourselves: some are left for the person's own
// machine and telephone.
[[nodiscard]] std::size_t attempts_of_ours(std::size_t threshold) noexcept;

}  // namespace kommpass::directory
