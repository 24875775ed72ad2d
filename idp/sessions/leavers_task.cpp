#include "idp/sessions/leavers_task.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/store/person.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/scheduler.hpp"

namespace kommpass::idp::sessions {

leavers_task::leavers_task(boost::asio::io_context& io, tasks::scheduler& by,
                           directory::federation& shared,
                           directory::member_directories& directories, store::store& memory,
                           const clock& time, observe::log& log)
    : by_(by),
      memory_(memory),
      time_(time),
      leavers_(io, directories, memory, time, log,
               [&by] { return by.fence_of(leavers::lease_task); }),
      watch_(io, shared,
             [this](const directory::account_change& change) { leavers_.take(change); }) {}

void leavers_task::take_members(std::map<member_slug, directory_settings> members) {
    settings_ = std::move(members);
    by_.run_soon(leavers::lease_task);
}

void leavers_task::stop() {
    leavers_.stop();
    watch_.stop();
}

std::map<member_slug, directory::watch_state> leavers_task::watched() const {
    return watch_.states();
}

tasks::task leavers_task::as_task() {
    return {.name = leavers::lease_task,
            .every = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = [this] { return adjust(); },
            .let_go = [this] { watch_.stop(); }};
}

// A member of which nobody is signed in has no leavers, and its directory is left in peace.
boost::asio::awaitable<tasks::progress> leavers_task::adjust() {
    const auto now = time_.now();
    const auto fence = by_.fence_of(leavers::lease_task);
    auto work = [&](store::transaction& t) { return t.persons().members_with_live_access(now); };
    const auto wanted = co_await memory_.read(work);
    if (!wanted) co_return tasks::progress::failed("the store did not answer");
    // Let go of while the store was asked.
    if (by_.stopped() || by_.fence_of(leavers::lease_task) != fence)
        co_return tasks::progress::done();
    std::map<member_slug, directory_settings> watched;
    for (const auto& member : *wanted) {
        const auto found = settings_.find(member);
        if (found != settings_.end()) watched.insert(*found);
    }
    watch_.watch(watched);
    leavers_.try_again();
    co_return tasks::progress::done();
}

}  // namespace kommpass::idp::sessions
