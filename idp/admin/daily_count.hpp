#pragma once

#include "config/vocabulary/local_day.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace kommpass::idp::admin {

// How often each did something today; begins anew with the day. Thread-safe.
class daily_count {
public:
    // False if they did it `most` times already.
    [[nodiscard]] bool take(const std::string& who, day today, unsigned most);

private:
    std::mutex mutex_;
    day today_{};
    std::unordered_map<std::string, unsigned> counts_;
};

}  // namespace kommpass::idp::admin
