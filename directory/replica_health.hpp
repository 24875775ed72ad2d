#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "directory/member_counters.hpp"

#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace kommpass::directory {

using steady_time = std::chrono::steady_clock::time_point;

enum class breaker_state {
    closed,     // works, as far as known
    open,       // failed; nobody is sent there before the back-off is over
    half_open,  // the back-off is over, and one attempt is finding out
};

// Which of a member's servers work, as one I/O thread knows it: a circuit breaker for each, with a
// back-off that doubles from 250 ms to 10 s, and jitter. Where the service account is refused, or
// the settings are wrong, there is none: whether that is asked again is for `standing_refusal`,
// which all threads share. Pure but for the counters. One I/O thread only.
class replica_health {
public:
    replica_health(const directory_settings&, member_counters&, unsigned jitter_seed);
    ~replica_health();
    replica_health(const replica_health&) = delete;

    // The servers worth an attempt now, the best first, those with a mistake last; empty: all
    // breakers are open. A server that is half-open already is left to whoever is finding out.
    [[nodiscard]] std::vector<std::size_t> candidates(steady_time now);
    // Whoever makes an attempt says so, and how it ended.
    void attempt(std::size_t at, steady_time now);
    void succeeded(std::size_t at);
    void failed(std::size_t at, failure_kind, steady_time now);
    // By a mistake that may be mended at any time.
    void refused(std::size_t at, bool asked);

    [[nodiscard]] breaker_state state(std::size_t at) const { return replicas_[at].state; }
    // Whether somebody could be sent to another server now.
    [[nodiscard]] bool has_other(std::size_t than, steady_time now) const;
    // Whether one of them is left out for nothing but a mistake.
    [[nodiscard]] bool may_be_mended() const noexcept;
    // Whether a connection that is there may be used: its server is not known to fail, or no other
    // one is there.
    [[nodiscard]] bool is_usable(std::size_t at, steady_time now) const;
    // A server that stands before `at` in the order and is worth an attempt; `at` itself if there
    // is none.
    [[nodiscard]] std::size_t better_than(std::size_t at, steady_time now) const;
    [[nodiscard]] const std::string& url(std::size_t at) const { return urls_[at]; }
    [[nodiscard]] replica_counters& counters(std::size_t at) { return *replicas_[at].counters; }
    [[nodiscard]] std::size_t size() const noexcept { return urls_.size(); }

private:
    struct replica {
        breaker_state state = breaker_state::closed;
        bool mistaken = false;
        unsigned failures_in_a_row = 0;
        steady_time retry_at{};
        std::shared_ptr<replica_counters> counters;
    };
    void set(replica&, breaker_state);
    [[nodiscard]] static bool may_be_tried(const replica&, steady_time now);

    std::vector<std::string> urls_;
    replica_order order_;
    std::vector<replica> replicas_;
    std::size_t turn_ = 0;
    std::minstd_rand jitter_;
};

}  // namespace kommpass::directory
