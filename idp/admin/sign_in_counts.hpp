#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {

// Sign-ins by day and outcome, the last days of each member; counted from the audit log.
struct sign_in_count {
    long long good = 0;
    long long refused = 0;
};
// Thread-safe.
class sign_in_counts {
public:
    static constexpr int days = 14;
    // Takes the next records; `read_up_to` says where to go on. `happened`: how often, for a record
    // that sums up.
    void take(long long sequence, const std::string& event, const member_slug&, instant at,
              long long happened);
    [[nodiscard]] long long read_up_to() const;
    // The last `days` days, oldest first. `visible` says whose count.
    [[nodiscard]] std::vector<std::pair<day, sign_in_count>> last_days(
        day today, const std::function<bool(const member_slug&)>& visible) const;

private:
    mutable std::mutex mutex_;
    long long read_up_to_ = 0;
    std::map<std::pair<day, member_slug>, sign_in_count> counts_;
};

}  // namespace kommpass::idp::admin
