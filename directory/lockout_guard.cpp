#include "directory/lockout_guard.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_tallies = 50'000;
constexpr auto longest_window = std::chrono::hours(24);
constexpr std::size_t free_tries = 3;  // two typing errors, and then the right one

// A quarter of the window with one attempt left, a sixteenth with two, ...
milliseconds wait_with(std::size_t left, std::chrono::seconds window) {
    milliseconds wait(window);
    for (; left > 0 && wait > milliseconds(0); --left) wait /= 4;
    return wait;
}

}  // namespace

lockout_shares shares_of(std::size_t threshold) noexcept {
    if (threshold < 2) return {threshold, threshold};
    const auto ours = std::min(threshold - 1, (threshold * 2 + 2) / 3);
    const auto kept = ours < 3 ? 0 : std::max<std::size_t>(1, ours / 3);
    return {ours, ours - kept};
}

lockout_guard::verdict lockout_guard::admit(const std::string& account, rule limit, browser from,
                                            time_point now, std::size_t by_the_directory) {
    if (limit.threshold == 0) return {};
    const auto shares = shares_of(limit.threshold);
    const std::lock_guard lock(mutex_);
    if (tallies_.size() >= most_tallies) make_room(now);
    const auto [found, is_new] = tallies_.try_emplace(account);
    auto& counted = found->second;
    counted.last_used = now;
    if (is_new && now - started_ < limit.window && by_the_directory > 0) {
        counted.wrong = std::min(by_the_directory, shares.ours);
        counted.last_wrong = now;
    }
    if (now - counted.last_wrong >= limit.window) counted.wrong = counted.wrong_of_known = 0;

    const bool known = from == browser::known;
    const auto share = known ? shares.ours : shares.anybodys;
    if (counted.wrong >= share) {
        const auto over = counted.last_wrong + limit.window - now;
        return {turn::never, std::chrono::ceil<milliseconds>(over)};
    }
    // Strangers' errors use up the share, but do not make a known browser wait.
    const auto errors = known ? counted.wrong_of_known : counted.wrong;
    const auto last = known ? counted.last_wrong_of_known : counted.last_wrong;
    const auto left = share - counted.wrong;
    if (errors >= free_tries) {
        const auto over = last + wait_with(left, limit.window) - now;
        if (over > over.zero()) return {turn::never, std::chrono::ceil<milliseconds>(over)};
    }
    const auto side_by_side = errors < free_tries ? std::min(free_tries - errors, left) : 1;
    if (counted.running >= side_by_side) return {turn::later, milliseconds(0)};
    ++counted.running;
    return {};
}

void lockout_guard::succeeded(const std::string& account) {
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(account);
    if (found == tallies_.end()) return;
    found->second.wrong = found->second.wrong_of_known = 0;
    if (found->second.running > 0) --found->second.running;
    forget_if_empty(account);
}

void lockout_guard::failed(const std::string& account, browser from, time_point now) {
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(account);
    if (found == tallies_.end()) return;  // there is no rule
    auto& counted = found->second;
    if (counted.running > 0) --counted.running;
    ++counted.wrong;
    counted.last_wrong = now;
    if (from != browser::known) return;
    ++counted.wrong_of_known;
    counted.last_wrong_of_known = now;
}

void lockout_guard::withdrawn(const std::string& account) {
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(account);
    if (found == tallies_.end()) return;
    if (found->second.running > 0) --found->second.running;
    forget_if_empty(account);
}

void lockout_guard::forget_if_empty(const std::string& account) {
    const auto found = tallies_.find(account);
    if (found->second.wrong == 0 && found->second.running == 0) tallies_.erase(found);
}

void lockout_guard::make_room(time_point now) {
    std::erase_if(tallies_,
                  [&](const auto& one) { return now - one.second.last_used >= longest_window; });
    if (tallies_.size() < most_tallies) return;
    const auto quietest = std::min_element(
        tallies_.begin(), tallies_.end(),
        [](const auto& a, const auto& b) { return a.second.last_used < b.second.last_used; });
    tallies_.erase(quietest);
}

}  // namespace kommpass::directory
