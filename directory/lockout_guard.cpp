#include "directory/lockout_guard.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;

constexpr auto longest_window = std::chrono::hours(24);
constexpr std::size_t free_tries = 3;  // two typing errors, and then the right one
// How often a place is asked for at one account.
constexpr milliseconds place_asked_again{50};

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
    const auto name = named(account);
    const std::lock_guard lock(mutex_);
    if (tallies_.size() >= most_tallies) make_room(now);
    auto& counted = tallies_[name];
    const bool is_first = counted.window == std::chrono::seconds(0);
    counted.last_used = now;
    counted.window = limit.window;
    if (now - counted.last_wrong >= limit.window)
        counted.wrong = counted.wrong_of_known = counted.by_the_directory = 0;
    const auto most = std::min(by_the_directory, shares.ours);
    if (is_first && now - started_ < limit.window && most > counted.wrong) {
        counted.by_the_directory = most - counted.wrong;
        counted.wrong = most;
        counted.last_wrong = now;
    }

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
    if (counted.running + counted.running_elsewhere >= side_by_side)
        return {turn::later, milliseconds(0)};
    counted.share = share - std::min(share, counted.by_the_directory);
    counted.ours = shares.ours;
    return begin(counted, name, shares.ours, now);
}

// Where no other node can have tried this account since it was last heard of, nothing is asked.
bool lockout_guard::needs_place(const tally& counted, std::size_t ours, time_point now) const {
    if (!ask_soon_) return false;
    if (!first_heard_ || now - last_heard_ >= known_for) return true;
    if (other_nodes_ == 0) return false;
    if (now - *first_heard_ < settling) return true;
    return counted.wrong > 0 || counted.running + counted.running_elsewhere > 0 ||
           other_nodes_ + 1 > ours;
}

lockout_guard::verdict lockout_guard::begin(tally& counted, const std::string& name,
                                            std::size_t ours, time_point now) {
    if (counted.places > 0) {
        --counted.places;
        ++counted.reserved;
    } else if (needs_place(counted, ours, now)) {
        if (!counted.wants_place && now - counted.asked_at >= place_asked_again) {
            counted.wants_place = true;
            counted.asked_at = now;
            note(name);
            ask_soon_();
        }
        return {turn::later, milliseconds(0)};
    } else if (other_nodes_ > 0) {
        note(name);  // if it still runs when the others are told, they hear of it
    }
    ++counted.running;
    return {};
}

void lockout_guard::ended(tally& counted) {
    if (counted.running > 0) --counted.running;
    if (counted.reserved == 0) return;
    --counted.reserved;
    --counted.untold.running;
}

void lockout_guard::succeeded(const std::string& account) {
    const auto name = named(account);
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(name);
    if (found == tallies_.end()) return;
    auto& counted = found->second;
    counted.untold.wrong -= static_cast<long long>(counted.wrong - counted.by_the_directory);
    counted.untold.wrong_of_known -= static_cast<long long>(counted.wrong_of_known);
    counted.wrong = counted.wrong_of_known = counted.by_the_directory = 0;
    ended(counted);
    if (has_something_untold(counted)) note(name);
    forget_if_empty(name);
}

void lockout_guard::failed(const std::string& account, browser from, time_point now) {
    const auto name = named(account);
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(name);
    if (found == tallies_.end()) return;  // there is no rule
    auto& counted = found->second;
    ended(counted);
    ++counted.wrong;
    counted.last_wrong = now;
    ++counted.untold.wrong;
    counted.untold.last_wrong = now;
    note(name);
    if (from != browser::known) return;
    ++counted.wrong_of_known;
    counted.last_wrong_of_known = now;
    ++counted.untold.wrong_of_known;
    counted.untold.last_wrong_of_known = now;
}

void lockout_guard::withdrawn(const std::string& account) {
    const auto name = named(account);
    const std::lock_guard lock(mutex_);
    const auto found = tallies_.find(name);
    if (found == tallies_.end()) return;
    ended(found->second);
    if (has_something_untold(found->second)) note(name);
    forget_if_empty(name);
}

bool lockout_guard::has_something_untold(const tally& counted) {
    const auto& d = counted.untold;
    return d.wrong != 0 || d.wrong_of_known != 0 || d.running != 0;
}

void lockout_guard::forget_if_empty(const std::string& name) {
    const auto found = tallies_.find(name);
    const auto& one = found->second;
    if (one.wrong == 0 && one.running == 0 && one.running_elsewhere == 0 && one.places == 0 &&
        !one.wants_place && !changed_.contains(name))
        tallies_.erase(found);
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
