#include "idp/admin/daily_count.hpp"

namespace kommpass::idp::admin {

bool daily_count::take(const std::string& who, day today, unsigned most) {
    const std::lock_guard lock(mutex_);
    if (today != today_) counts_.clear();
    today_ = today;
    auto& count = counts_[who];
    if (count >= most) return false;
    ++count;
    return true;
}

}  // namespace kommpass::idp::admin
