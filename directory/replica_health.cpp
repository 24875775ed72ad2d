#include "directory/replica_health.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_back_off{250};
constexpr milliseconds longest_back_off{10'000};
constexpr unsigned most_doublings = 6;

std::atomic<std::int64_t>* gauge_of(replica_counters& counters, breaker_state state) {
    switch (state) {
        case breaker_state::open:
            return &counters.breakers_open;
        case breaker_state::half_open:
            return &counters.breakers_half_open;
        case breaker_state::closed:
            break;
    }
    return nullptr;
}

}  // namespace

replica_health::replica_health(const directory_settings& settings, member_counters& counters,
                               unsigned jitter_seed)
    : urls_(settings.urls), order_(settings.order), jitter_(jitter_seed) {
    for (const auto& url : urls_) {
        replicas_.emplace_back();
        replicas_.back().counters = counters.replica(url);
    }
}

replica_health::~replica_health() {
    for (auto& one : replicas_) set(one, breaker_state::closed);
}

void replica_health::set(replica& one, breaker_state next) {
    if (auto* gauge = gauge_of(*one.counters, one.state)) gauge->fetch_sub(1);
    one.state = next;
    if (auto* gauge = gauge_of(*one.counters, next)) gauge->fetch_add(1);
}

std::vector<std::size_t> replica_health::candidates(steady_time now) {
    const auto count = replicas_.size();
    const auto first = order_ == replica_order::balanced ? turn_++ % count : 0;
    std::vector<std::size_t> works;
    std::vector<std::size_t> due;
    std::vector<std::size_t> mistaken;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = (first + i) % count;
        const auto& one = replicas_[at];
        if (one.state == breaker_state::closed)
            works.push_back(at);
        else if (one.state == breaker_state::open && one.mistaken)
            mistaken.push_back(at);
        else if (one.state == breaker_state::open && one.retry_at <= now)
            due.push_back(at);
    }
    works.insert(works.end(), due.begin(), due.end());
    works.insert(works.end(), mistaken.begin(), mistaken.end());
    return works;
}

void replica_health::attempt(std::size_t at, steady_time) {
    auto& one = replicas_[at];
    if (one.state == breaker_state::open) set(one, breaker_state::half_open);
}

void replica_health::succeeded(std::size_t at) {
    auto& one = replicas_[at];
    one.failures_in_a_row = 0;
    one.mistaken = false;
    set(one, breaker_state::closed);
}

void replica_health::failed(std::size_t at, failure_kind kind, steady_time now) {
    auto& one = replicas_[at];
    one.counters->failures[static_cast<std::size_t>(kind)].fetch_add(1, std::memory_order_relaxed);
    const auto doublings = std::min(one.failures_in_a_row, most_doublings);
    ++one.failures_in_a_row;
    const auto back_off = std::min(first_back_off * (1L << doublings), longest_back_off);
    std::uniform_int_distribution<long> spread(0, back_off.count() / 2);
    one.retry_at = now + back_off / 2 + milliseconds(spread(jitter_));
    one.mistaken = false;
    set(one, breaker_state::open);
}

void replica_health::refused(std::size_t at, bool asked) {
    auto& one = replicas_[at];
    constexpr auto kind = static_cast<std::size_t>(failure_kind::refused);
    if (asked) one.counters->failures[kind].fetch_add(1, std::memory_order_relaxed);
    one.mistaken = true;
    set(one, breaker_state::open);
}

bool replica_health::may_be_mended() const noexcept {
    return std::any_of(replicas_.begin(), replicas_.end(), [](const replica& one) {
        return one.mistaken && one.state == breaker_state::open;
    });
}

bool replica_health::is_usable(std::size_t at, steady_time now) const {
    return replicas_[at].state == breaker_state::closed || !has_other(at, now);
}

bool replica_health::has_other(std::size_t than, steady_time now) const {
    for (std::size_t i = 0; i < replicas_.size(); ++i) {
        if (i != than && may_be_tried(replicas_[i], now)) return true;
    }
    return false;
}

std::size_t replica_health::better_than(std::size_t at, steady_time now) const {
    for (std::size_t i = 0; i < at; ++i) {
        const auto& one = replicas_[i];
        if (may_be_tried(one, now) || (one.mistaken && one.state == breaker_state::open)) return i;
    }
    return at;
}

bool replica_health::may_be_tried(const replica& one, steady_time now) {
    return one.state == breaker_state::closed ||
           (one.state == breaker_state::open && !one.mistaken && one.retry_at <= now);
}

}  // namespace kommpass::directory
