#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "directory/refusal_times.hpp"
#include "directory/standing_refusal.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kommpass::directory {

enum class failure_kind { connect, tls, refused, timeout, lost };
inline constexpr std::size_t failure_kinds = 5;
[[nodiscard]] std::string_view name_of(failure_kind) noexcept;  // "connect"

// How long operations took, in buckets as Prometheus counts them. Written and read from every
// thread.
class latency_histogram {
public:
    // Upper bounds of the buckets, in seconds; one more counts what is above.
    static constexpr std::array<double, 11> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                   0.1,   0.25,   0.5,   1.0,  2.5};
    void observe(std::chrono::nanoseconds took) noexcept;
    [[nodiscard]] std::uint64_t count_in(std::size_t bucket) const noexcept {
        return counts_[bucket].load(std::memory_order_relaxed);
    }
    [[nodiscard]] double sum_of_seconds() const noexcept {
        return 1e-6 * static_cast<double>(sum_us_.load(std::memory_order_relaxed));
    }

private:
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

// Of one server of a member. The breakers are counted, since each I/O thread has its own.
struct replica_counters {
    explicit replica_counters(std::string address) : url(std::move(address)) {}
    std::string url;
    latency_histogram searches;
    latency_histogram binds;
    std::array<std::atomic<std::uint64_t>, failure_kinds> failures{};
    std::atomic<std::int64_t> in_flight{0};
    std::atomic<std::int64_t> connections{0};
    std::atomic<std::int64_t> breakers_open{0};
    std::atomic<std::int64_t> breakers_half_open{0};
    // Of connections for searches, which are the service account's, and of those for binds.
    standing_refusal refused_searches;
    standing_refusal refused_binds;
};

// Counts since the start, readable from every thread.
struct member_counters {
    std::atomic<std::uint64_t> sign_ins{0};
    std::atomic<std::uint64_t> look_ups{0};
    std::atomic<std::uint64_t> password_changes{0};
    std::atomic<std::uint64_t> unavailable{0};
    std::atomic<std::uint64_t> overloaded{0};
    std::atomic<std::int64_t> in_flight{0};
    std::atomic<std::int64_t> waiting{0};  // for a connection
    // Unix seconds since when no question was answered; 0: the last one was.
    std::atomic<std::int64_t> silent_since{0};

    // Of binds, and of changes by their old password.
    refusal_times refused_binds;
    refusal_times refused_changes;

    // Made when first asked for; lasts as long as the member's counters.
    [[nodiscard]] std::shared_ptr<replica_counters> replica(const std::string& url);
    [[nodiscard]] std::vector<std::shared_ptr<replica_counters>> replicas() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<replica_counters>> replicas_;
};

// Counters of all members, shared by the I/O threads; a member keeps its counters over changes of
// its settings.
class directory_statistics {
public:
    [[nodiscard]] std::shared_ptr<member_counters> of(const member_slug&);
    [[nodiscard]] std::map<member_slug, std::shared_ptr<member_counters>> all() const;

private:
    mutable std::mutex mutex_;
    std::map<member_slug, std::shared_ptr<member_counters>> counters_;
};

}  // namespace kommpass::directory
