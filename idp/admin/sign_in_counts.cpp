#include "idp/admin/sign_in_counts.hpp"

namespace kommpass::idp::admin {

void sign_in_counts::take(long long sequence, const std::string& event, const member_slug& member,
                          instant at, long long happened) {
    const std::lock_guard lock(mutex_);
    if (sequence <= read_up_to_) return;  // another thread was quicker
    read_up_to_ = sequence;
    const bool good = event == "sign_in.success";
    if (!good && event != "sign_in.failure" && event != "sign_in.throttled") return;
    const auto today = local_day_of(at);
    auto& count = counts_[{today, member}];
    (good ? count.good : count.refused) += happened;
    const auto oldest = today - std::chrono::days(2 * days);
    while (!counts_.empty() && counts_.begin()->first.first < oldest)
        counts_.erase(counts_.begin());
}

long long sign_in_counts::read_up_to() const {
    const std::lock_guard lock(mutex_);
    return read_up_to_;
}

std::vector<std::pair<day, sign_in_count>> sign_in_counts::last_days(
    day today, const std::function<bool(const member_slug&)>& visible) const {
    std::vector<std::pair<day, sign_in_count>> all;
    const std::lock_guard lock(mutex_);
    for (int back = days - 1; back >= 0; --back) {
        const auto one = today - std::chrono::days(back);
        sign_in_count sum;
        for (auto at = counts_.lower_bound({one, member_slug()});
             at != counts_.end() && at->first.first == one; ++at) {
            if (!visible(at->first.second)) continue;
            sum.good += at->second.good;
            sum.refused += at->second.refused;
        }
        all.emplace_back(one, sum);
    }
    return all;
}

}  // namespace kommpass::idp::admin
