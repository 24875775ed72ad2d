// How a member's client refuses without asking its directory, and in whose time.
#include "directory/member_client.hpp"

#include <algorithm>

namespace kommpass::directory {

using boost::asio::awaitable;

awaitable<void> member_client::keep_pace(const refusal_times& refusals, steady_time began,
                                         steady_time deadline) {
    const auto due = began + refusals.least();
    if (pace_.now() < due) co_await pace_.until(std::min(deadline, due));
}

awaitable<outcome<void>> member_client::refuse_unasked(question what, steady_time began,
                                                       steady_time deadline) {
    const bool change = what == question::change;
    const auto& refusals = change ? counters_->refused_changes : counters_->refused_binds;
    const auto due = began + refusals.one_of(random_);
    auto rehearsing = change ? connections_->rehearse_change(due, deadline)
                             : connections_->rehearse_bind(due, deadline);
    auto rehearsed = co_await std::move(rehearsing);
    if (!rehearsed) co_return rehearsed;
    if (refusals.is_silent()) {  // an answer would tell this name from one that it has
        co_await pace_.until(deadline);
        co_return directory_failure{trouble::unavailable, "no bind has been answered of late"};
    }
    co_await keep_pace(refusals, began, deadline);
    co_return rehearsed;
}

}  // namespace kommpass::directory
