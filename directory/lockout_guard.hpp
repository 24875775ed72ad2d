#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kommpass::directory {

// How a directory's attempts are shared out: what strangers' browsers may use up, and what is kept
// back for a browser that has signed in as that person before, so that nobody is kept out by
// others' guessing. The rest is the person's own machine's and telephone's.
struct lockout_shares {
    std::size_t ours = 0;      // wrong ones through us, whoever makes them: at most
    std::size_t anybodys = 0;  // of those, the ones that an unknown browser may add to
};
// Below a threshold of 4 nothing is kept back: two typing errors have to go before it.
[[nodiscard]] lockout_shares shares_of(std::size_t threshold) noexcept;

// Keeps wrong passwords that come through us below a directory's own lock-out threshold (R48), so
// that nobody can lock a town hall's accounts by guessing here. Counted for each account of a
// directory, whichever of its names was typed, and for each name that is nobody's, so that the two
// look alike.
//
// The first three tries cost no waiting; then the wait grows fourfold each time, up to the
// directory's window when the share is used up. An attempt that runs counts neither as right nor as
// wrong: what could pass the bound together with it waits for its turn.
//
// Lasts as long as the process. What one before it may have used up is what the directory says it
// has counted, as long as that can be: for the first window. Later ones are not looked at, since
// whoever guesses elsewhere shall keep nobody out here. Bounded: what has been quiet longest goes
// first. Thread-safe; one for all I/O threads.
class lockout_guard {
public:
    using time_point = std::chrono::steady_clock::time_point;
    struct rule {
        std::size_t threshold = 0;  // the directory's; 0: it never locks
        std::chrono::seconds window{0};
    };
    enum class browser { unknown, known };
    enum class turn {
        now,    // may go to the directory; its outcome is to be told
        later,  // attempts are under way: ask again when one of them has ended
        never,  // not before `wait` is over
    };
    struct verdict {
        directory::lockout_guard::turn turn = turn::now;
        std::chrono::milliseconds wait{0};
    };

    explicit lockout_guard(time_point started = std::chrono::steady_clock::now())
        : started_(started) {}

    // `counted`: wrong passwords that the directory itself counts against the account.
    [[nodiscard]] verdict admit(const std::string& account, rule, browser, time_point now,
                                std::size_t counted = 0);

    // How an attempt ended that was let through; each is told once.
    // The password was right: the directory forgets its count, and so do we.
    void succeeded(const std::string& account);
    void failed(const std::string& account, browser, time_point now);
    // The directory never judged the password.
    void withdrawn(const std::string& account);

private:
    struct tally {
        std::size_t wrong = 0;           // within the window
        std::size_t wrong_of_known = 0;  // of those, by known browsers
        std::size_t running = 0;
        time_point last_wrong{};
        time_point last_wrong_of_known{};
        time_point last_used{};
    };
    void forget_if_empty(const std::string& account);
    void make_room(time_point now);

    const time_point started_;
    std::mutex mutex_;
    std::unordered_map<std::string, tally> tallies_;
};

}  // namespace kommpass::directory
