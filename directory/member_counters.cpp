#include "directory/member_counters.hpp"

#include <algorithm>

namespace kommpass::directory {

std::string_view name_of(failure_kind kind) noexcept {
    switch (kind) {
        case failure_kind::connect:
            return "connect";
        case failure_kind::tls:
            return "tls";
        case failure_kind::refused:
            return "refused";
        case failure_kind::timeout:
            return "timeout";
        case failure_kind::lost:
            break;
    }
    return "lost";
}

void latency_histogram::observe(std::chrono::nanoseconds took) noexcept {
    const double seconds = std::chrono::duration<double>(took).count();
    const auto found = std::lower_bound(bounds.begin(), bounds.end(), seconds);
    const auto bucket = static_cast<std::size_t>(found - bounds.begin());
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    sum_us_.fetch_add(static_cast<std::uint64_t>(std::max<long long>(us, 0)),
                      std::memory_order_relaxed);
}

std::shared_ptr<replica_counters> member_counters::replica(const std::string& url) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(replicas_.begin(), replicas_.end(),
                                    [&](const auto& one) { return one->url == url; });
    if (found != replicas_.end()) return *found;
    return replicas_.emplace_back(std::make_shared<replica_counters>(url));
}

std::vector<std::shared_ptr<replica_counters>> member_counters::replicas() const {
    const std::lock_guard lock(mutex_);
    return replicas_;
}

std::shared_ptr<member_counters> directory_statistics::of(const member_slug& member) {
    const std::lock_guard lock(mutex_);
    auto& found = counters_[member];
    if (!found) found = std::make_shared<member_counters>();
    return found;
}

std::map<member_slug, std::shared_ptr<member_counters>> directory_statistics::all() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace kommpass::directory
