#include "idp/admin/daily_count.hpp"

#include "idp/store/replays.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::admin {
namespace {

// Longer than any day, wherever it began.
constexpr auto kept_for = std::chrono::hours(48);

// Each day has so many places, and each time takes one.
bool take_place(store::transaction& t, const std::string& who, day today, unsigned most,
                instant now) {
    const auto scope = "daily " + who;
    const auto number = std::to_string(today.time_since_epoch().count());
    for (unsigned place = 0; place < most; ++place) {
        if (t.replays().first_use(scope, number + "/" + std::to_string(place), now + kept_for))
            return true;
    }
    return false;
}

}  // namespace

boost::asio::awaitable<bool> daily_count::take(store::store& memory, std::string who, day today,
                                               unsigned most, instant now) {
    if (is_used_up(who, today)) co_return false;
    auto work = [&](store::transaction& t) { return take_place(t, who, today, most, now); };
    const auto taken = co_await memory.write(work);
    if (!taken || *taken) co_return true;
    const std::lock_guard lock(mutex_);
    if (today == today_) used_up_.insert(std::move(who));
    co_return false;
}

bool daily_count::is_used_up(const std::string& who, day today) {
    const std::lock_guard lock(mutex_);
    if (today != today_) used_up_.clear();
    today_ = today;
    return used_up_.contains(who);
}

}  // namespace kommpass::idp::admin
