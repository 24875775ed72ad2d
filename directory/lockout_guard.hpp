#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

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
//
// Several nodes count together once `share` was called (docs/decisions/0066): each tells the others
// about once a second what it has counted, and a node reserves a place before it tries a password
// wherever the others may have used up what is left. Then the sum over all nodes stays below the
// threshold as one node's does.
class lockout_guard {
public:
    using time_point = std::chrono::steady_clock::time_point;
    // So long what a node knows of the others is good enough to try a first password unreserved.
    static constexpr std::chrono::seconds known_for{2};
    // So long after a node has come the others may not know of it.
    static constexpr std::chrono::seconds settling{3};
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

    // --- with other nodes. What stands here is called by one thread at a time.
    // A difference that the others are to hear of, and places that are asked for.
    struct difference {
        std::string name;
        long long wrong = 0;
        long long wrong_of_known = 0;
        long long running = 0;
        std::optional<time_point> last_wrong{};
        std::optional<time_point> last_wrong_of_known{};
        std::chrono::seconds window{0};
        bool wants_place = false;
        std::size_t share = 0;  // a place is given below it
        std::size_t ours = 0;   // as `lockout_shares` has it
    };
    // What all nodes have counted of an account, places that are reserved included.
    struct sum {
        std::string name;
        std::size_t wrong = 0;
        std::size_t wrong_of_known = 0;
        std::size_t running = 0;
        std::optional<time_point> last_wrong{};
        std::optional<time_point> last_wrong_of_known{};
        bool place_given = false;
    };
    // Before the threads begin. `name_of` makes what is told of an account; `ask_soon` is called
    // from any thread where an attempt waits for a place.
    void share(std::function<std::string(const std::string&)> name_of,
               std::function<void()> ask_soon);
    // What is to be told, at most `most`; what could not be told comes back by `not_told`.
    [[nodiscard]] std::vector<difference> take_differences(std::size_t most, time_point now);
    void not_told(const std::vector<difference>&);
    // Sums as they were at `asked`.
    void take_sums(const std::vector<sum>&, time_point asked);
    // Every sum was taken as it was at `asked`, and there were so many other nodes.
    void heard_all(std::size_t other_nodes, time_point asked);

private:
    struct tally {
        std::size_t wrong = 0;           // within the window, of all nodes
        std::size_t wrong_of_known = 0;  // of those, by known browsers
        std::size_t running = 0;         // here
        time_point last_wrong{};
        time_point last_wrong_of_known{};
        time_point last_used{};
        // With other nodes:
        std::size_t running_elsewhere = 0;
        std::size_t reserved = 0;  // of `running`, those that the others know of
        std::size_t places = 0;    // reserved, and nobody has begun with them
        time_point place_given_at{};
        time_point asked_at{};
        bool wants_place = false;
        std::size_t share = 0;
        std::size_t ours = 0;
        std::size_t by_the_directory = 0;  // of `wrong`, what no node has counted
        std::chrono::seconds window{0};
        difference untold{};
    };
    [[nodiscard]] bool needs_place(const tally&, std::size_t ours, time_point now) const;
    [[nodiscard]] verdict begin(tally&, const std::string& name, std::size_t ours, time_point now);
    void ended(tally&);
    [[nodiscard]] static bool has_something_untold(const tally&);
    [[nodiscard]] std::string named(const std::string& account) const {
        return name_of_ ? name_of_(account) : account;
    }
    void note(const std::string& name) {
        if (ask_soon_) changed_.insert(name);
    }
    void forget_if_empty(const std::string& name);
    static constexpr std::size_t most_tallies = 50'000;
    void make_room(time_point now);

    const time_point started_;
    std::mutex mutex_;
    std::unordered_map<std::string, tally> tallies_;
    std::function<std::string(const std::string&)> name_of_;
    std::function<void()> ask_soon_;           // empty: this process is alone
    std::unordered_set<std::string> changed_;  // names of tallies with something to tell
    std::size_t other_nodes_ = 0;
    std::optional<time_point> first_heard_;
    time_point last_heard_{};
};

}  // namespace kommpass::directory
