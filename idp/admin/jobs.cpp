#include "idp/admin/jobs.hpp"

#include "idp/admin/actor.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

constexpr auto forgotten_after = std::chrono::hours(1);

using job_map = std::map<std::string, std::shared_ptr<job>, std::less<>>;

template <class Whose>
std::size_t running_of(const job_map& all, Whose whose) {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
        return whose(*one.second) && !one.second->outcome();
    }));
}

// Makes room for one more of these, of what has ended. What runs is bounded below it.
template <class Whose>
void keep_fewer_than(job_map& all, std::size_t most, Whose whose) {
    for (;;) {
        std::size_t kept = 0;
        auto oldest = all.end();
        for (auto one = all.begin(); one != all.end(); ++one) {
            if (!whose(*one->second)) continue;
            ++kept;
            const bool older =
                oldest == all.end() || one->second->started < oldest->second->started;
            if (one->second->outcome() && older) oldest = one;
        }
        if (kept < most || oldest == all.end()) return;
        all.erase(oldest);
    }
}

}  // namespace

std::shared_ptr<const job_outcome> job::outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_;
}

void job::finish(std::shared_ptr<const job_outcome> made) {
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(made);
}

void job::remember(boost::json::object what) {
    const std::lock_guard lock(mutex_);
    remembered_ = std::move(what);
}

boost::json::object job::remembered() const {
    const std::lock_guard lock(mutex_);
    return remembered_;
}

std::shared_ptr<job> jobs::begin(const actor& who, job_order what) {
    const auto now = time_.now();
    const auto of_actor = [&](const job& one) { return one.owner == who.id(); };
    const auto of_member = [&](const job& one) { return one.home == who.member(); };
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [&](const auto& one) {
        return one.second->outcome() && one.second->started + forgotten_after < now;
    });
    if (running_of(all_, of_actor) >= most_running_of_actor ||
        running_of(all_, of_member) >= most_running_of_member)
        return nullptr;
    keep_fewer_than(all_, most_kept_of_actor, of_actor);
    keep_fewer_than(all_, most_kept_of_member, of_member);
    auto made =
        std::make_shared<job>(random_.token(16), who.id(), who.member(), std::move(what), now);
    all_.emplace(made->id, made);
    return made;
}

std::shared_ptr<job> jobs::find(const actor& who, const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = all_.find(id);
    if (found == all_.end() || found->second->owner != who.id()) return nullptr;
    const auto& order = found->second->order;
    const bool may =
        order.of.empty() ? who.may_everywhere(order.needs) : who.may(order.needs, order.of);
    return may ? found->second : nullptr;
}

}  // namespace kommpass::idp::admin
