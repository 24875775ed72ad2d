#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/local_day.hpp"

#include <boost/asio/awaitable.hpp>

#include <mutex>
#include <string>
#include <unordered_set>

namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::admin {

// How often each did something today, at whichever node: counted in the store. Begins anew with the
// day. Thread-safe.
class daily_count {
public:
    // False if they did it `most` times already. Where the store does not answer it is true: what
    // they want to do needs it as well.
    [[nodiscard]] boost::asio::awaitable<bool> take(store::store&, std::string who, day today,
                                                    unsigned most, instant now);

private:
    // Who has used up today's, so that another refusal costs no write.
    [[nodiscard]] bool is_used_up(const std::string& who, day today);

    std::mutex mutex_;
    day today_{};
    std::unordered_set<std::string> used_up_;
};

}  // namespace kommpass::idp::admin
