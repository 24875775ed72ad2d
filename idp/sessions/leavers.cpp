#include "idp/sessions/leavers.hpp"

#include "config/vocabulary/clock.hpp"
#include "directory/sign_in.hpp"
#include "idp/observe/log.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/person.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/scheduler.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace kommpass::idp::sessions {
namespace {

using boost::asio::awaitable;

// Of these the ones who still have an access: another node may have ended it meanwhile.
std::vector<store::person> still_live(store::transaction& t, const member_slug& member,
                                      std::vector<store::person> of, instant now) {
    const auto live = t.persons().with_live_access(member, now);
    std::erase_if(of, [&](const store::person& one) {
        return std::find(live.begin(), live.end(), one) == live.end();
    });
    return of;
}

}  // namespace

leavers::leavers(boost::asio::io_context& io, directory::member_directories& directories,
                 store::store& memory, const clock& time, observe::log& log, current_fence fence)
    : io_(io),
      directories_(directories),
      memory_(memory),
      time_(time),
      log_(log),
      fence_(std::move(fence)) {}

void leavers::stop() { stopped_ = true; }

void leavers::take(const directory::account_change& change) {
    if (stopped_) return;
    auto& waiting = members_[change.member];
    waiting.all = waiting.all || change.ids.empty();
    waiting.ids.insert(change.ids.begin(), change.ids.end());
    if (waiting.working) return;
    waiting.working = true;
    boost::asio::co_spawn(
        io_, [this, member = change.member]() -> awaitable<void> { co_await work_on(member); },
        boost::asio::detached);
}

void leavers::try_again() {
    for (auto& [member, waiting] : members_) {
        if (std::exchange(waiting.not_written, false)) take({member, {}});
    }
}

awaitable<void> leavers::work_on(member_slug member) {
    auto& waiting = members_[member];
    while (!stopped_ && (waiting.all || !waiting.ids.empty())) {
        const auto ids = std::exchange(waiting.ids, {});
        const bool all = std::exchange(waiting.all, false);
        // Before the directory is asked: what it says now is not written under a later lease.
        const auto fence = fence_();
        const auto found = co_await live_persons(member, ids, all);
        if (!found) waiting.not_written = true;
        if (!found || found->empty()) continue;
        std::vector<directory_id> asked;
        for (const auto& one : *found) asked.push_back(one.directory);
        const auto standings = co_await directories_.check_accounts(member, std::move(asked));
        if (!standings) {
            log_.info("leavers.not_checked",
                      {{"member", member.view()}, {"detail", standings.error().detail}});
            continue;
        }
        const auto& gone = standings->gone;
        auto left = *found;
        std::erase_if(left, [&](const store::person& one) {
            return std::find(gone.begin(), gone.end(), one.directory) == gone.end();
        });
        if (left.empty()) continue;
        const bool written = co_await end_everything_of(member, std::move(left), fence.value_or(0));
        if (!written) waiting.not_written = true;
    }
    waiting.working = false;
}

awaitable<std::optional<std::vector<store::person>>> leavers::live_persons(
    const member_slug& member, const std::set<directory_id>& ids, bool all) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) { return t.persons().with_live_access(member, now); };
    auto found = co_await memory_.read(work);
    if (!found) co_return std::nullopt;
    if (!all) std::erase_if(*found, [&](const auto& one) { return !ids.contains(one.directory); });
    co_return std::move(*found);
}

awaitable<bool> leavers::end_everything_of(const member_slug& member,
                                           std::vector<store::person> gone, long long fence) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) -> std::optional<std::vector<store::person>> {
        if (!t.leases().holds(tasks::lease_name(lease_task), fence, now)) return std::nullopt;
        auto ended = still_live(t, member, gone, now);
        for (const auto& one : ended) {
            store::audit_record record;
            record.at = now;
            record.result = "left_the_directory";
            end_all_access(t, one.id, one.member, std::move(record));
        }
        return ended;
    };
    const auto done = co_await memory_.write(work);
    if (!done) {
        log_.error("leavers.not_signed_out", {{"member", member.view()}});
        co_return false;
    }
    if (!*done) {
        log_.info("leavers.left_to_another_node", {{"member", member.view()}});
        co_return false;
    }
    for (const auto& one : **done)
        log_.info("leavers.signed_out", {{"member", member.view()}, {"person", one.id.view()}});
    co_return true;
}

}  // namespace kommpass::idp::sessions
