#include "directory/lockout_guard.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

constexpr std::size_t most_tallies = 50'000;
constexpr auto longest_window = std::chrono::hours(24);

}  // namespace

std::size_t attempts_of_ours(std::size_t threshold) noexcept {
    return std::max<std::size_t>(1, threshold * 2 / 3);
}

std::chrono::milliseconds lockout_guard::admit(const std::string& account, rule limit,
                                               time_point now) {
    using std::chrono::milliseconds;
    if (limit.threshold == 0) return milliseconds(0);
    const std::lock_guard lock(mutex_);
    if (tallies_.size() >= most_tallies) make_room(now);
    auto& counted = tallies_[account];
    if (now - counted.last >= limit.window) counted.wrong = 0;
    if (counted.wrong >= attempts_of_ours(limit.threshold))
        return std::chrono::ceil<milliseconds>(counted.last + limit.window - now);
    ++counted.wrong;
    counted.last = now;
    return milliseconds(0);
}

void lockout_guard::succeeded(const std::string& account) {
    const std::lock_guard lock(mutex_);
    tallies_.erase(account);
}

void lockout_guard::withdrawn(const std::string& account) {
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(account);
    if (found != tallies_.end() && found->second.wrong > 0) --found->second.wrong;
}

void lockout_guard::make_room(time_point now) {
    std::erase_if(tallies_,
                  [&](const auto& one) { return now - one.second.last >= longest_window; });
    if (tallies_.size() < most_tallies) return;
    const auto quietest = std::min_element(
        tallies_.begin(), tallies_.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
    tallies_.erase(quietest);
}

}  // namespace kommpass::directory
