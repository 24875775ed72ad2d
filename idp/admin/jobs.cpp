#include "idp/admin/jobs.hpp"

namespace kommpass::idp::admin {
namespace {

constexpr std::size_t most_jobs = 200;
constexpr std::size_t most_running = 4;
constexpr auto forgotten_after = std::chrono::hours(1);

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

std::shared_ptr<job> jobs::begin(const std::string& owner, std::string kind) {
    const auto now = time_.now();
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [&](const auto& one) {
        return one.second->outcome() && one.second->started + forgotten_after < now;
    });
    std::size_t running = 0;
    for (const auto& [id, one] : all_) running += one->owner == owner && !one->outcome() ? 1 : 0;
    if (all_.size() >= most_jobs || running >= most_running) return nullptr;
    auto made = std::make_shared<job>(random_.token(16), owner, std::move(kind), now);
    all_.emplace(made->id, made);
    return made;
}

std::shared_ptr<job> jobs::find(const std::string& owner, const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = all_.find(id);
    return found == all_.end() || found->second->owner != owner ? nullptr : found->second;
}

}  // namespace kommpass::idp::admin
