// The lock-out guard's side of the exchange with other nodes.
#include "directory/lockout_guard.hpp"

#include <algorithm>
#include <utility>

namespace kommpass::directory {
namespace {

constexpr auto place_lasts = std::chrono::seconds(5);

}  // namespace

void lockout_guard::share(std::function<std::string(const std::string&)> name_of,
                          std::function<void()> ask_soon) {
    name_of_ = std::move(name_of);
    ask_soon_ = std::move(ask_soon);
}

std::vector<lockout_guard::difference> lockout_guard::take_differences(std::size_t most,
                                                                       time_point now) {
    std::vector<difference> all;
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& name : changed_) {
        if (names.size() == most) break;
        names.push_back(name);
    }
    for (auto& name : names) {
        changed_.erase(name);
        const auto found = tallies_.find(name);
        if (found == tallies_.end()) continue;
        auto& counted = found->second;
        // Who began without a place has one from now on; places that nobody took go back.
        counted.untold.running += static_cast<long long>(counted.running - counted.reserved);
        counted.reserved = counted.running;
        if (counted.places > 0 && now - counted.place_given_at >= place_lasts) {
            counted.untold.running -= static_cast<long long>(counted.places);
            counted.places = 0;
        }
        if (counted.places > 0) changed_.insert(name);
        if (counted.wants_place || has_something_untold(counted)) {
            auto& made = all.emplace_back(std::exchange(counted.untold, {}));
            made.window = counted.window;
            made.wants_place = std::exchange(counted.wants_place, false);
            made.share = counted.share;
            made.ours = counted.ours;
            made.name = std::move(name);
        } else {
            forget_if_empty(name);
        }
    }
    return all;
}

void lockout_guard::not_told(const std::vector<difference>& all) {
    const std::lock_guard lock(mutex_);
    for (const auto& one : all) {
        const auto found = tallies_.find(one.name);
        if (found == tallies_.end()) continue;
        auto& untold = found->second.untold;
        untold.wrong += one.wrong;
        untold.wrong_of_known += one.wrong_of_known;
        untold.running += one.running;
        untold.last_wrong = std::max(untold.last_wrong, one.last_wrong);
        untold.last_wrong_of_known = std::max(untold.last_wrong_of_known, one.last_wrong_of_known);
        changed_.insert(one.name);
    }
}

void lockout_guard::take_sums(const std::vector<sum>& all, time_point asked) {
    const std::lock_guard lock(mutex_);
    for (const auto& one : all) {
        if (tallies_.size() >= most_tallies) make_room(asked);
        auto& counted = tallies_[one.name];
        // What was counted here since is not yet in the sum.
        const auto with = [](std::size_t told, long long untold) {
            return static_cast<std::size_t>(std::max(static_cast<long long>(told) + untold, 0LL));
        };
        counted.wrong = with(one.wrong, counted.untold.wrong) + counted.by_the_directory;
        counted.wrong_of_known = with(one.wrong_of_known, counted.untold.wrong_of_known);
        if (one.last_wrong) counted.last_wrong = std::max(counted.last_wrong, *one.last_wrong);
        if (one.last_wrong_of_known)
            counted.last_wrong_of_known =
                std::max(counted.last_wrong_of_known, *one.last_wrong_of_known);
        if (one.place_given) {
            ++counted.places;
            counted.place_given_at = asked;
            changed_.insert(one.name);
        }
        const auto own =
            static_cast<long long>(counted.reserved + counted.places) - counted.untold.running;
        counted.running_elsewhere = with(one.running, -own);
        counted.last_used = std::max(counted.last_used, asked);
        forget_if_empty(one.name);
    }
}

void lockout_guard::heard_all(std::size_t other_nodes, time_point asked) {
    const std::lock_guard lock(mutex_);
    other_nodes_ = other_nodes;
    if (!first_heard_) first_heard_ = asked;
    last_heard_ = asked;
}

}  // namespace kommpass::directory
