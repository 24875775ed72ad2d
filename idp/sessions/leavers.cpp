#include "idp/sessions/leavers.hpp"

#include "config/settings.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kommpass::idp::sessions {
namespace {

using boost::asio::awaitable;

constexpr auto looks_for_members_every = std::chrono::seconds(1);

}  // namespace

leavers::leavers(boost::asio::io_context& io, directory::federation& shared,
                 directory::member_directories& directories, store::store& memory,
                 observe::log& log)
    : io_(io),
      directories_(directories),
      memory_(memory),
      time_(shared.time),
      log_(log),
      watch_(io, shared, [this](const directory::account_change& change) { take(change); }),
      next_look_(io) {}

void leavers::start(std::map<member_slug, directory_settings> members) {
    settings_ = std::move(members);
    boost::asio::co_spawn(
        io_, [this]() -> awaitable<void> { co_await keep_watching(); }, boost::asio::detached);
}

void leavers::take_members(std::map<member_slug, directory_settings> members) {
    settings_ = std::move(members);
    next_look_.cancel();
}

void leavers::stop() {
    stopped_ = true;
    next_look_.cancel();
    watch_.stop();
}

// A member of which nobody is signed in has no leavers, and its directory is left in peace.
awaitable<void> leavers::keep_watching() {
    while (!stopped_) {
        const auto now = time_.now();
        auto work = [&](store::transaction& t) {
            return t.persons().members_with_live_access(now);
        };
        const auto wanted = co_await memory_.read(work);
        if (stopped_) co_return;
        std::map<member_slug, directory_settings> watched;
        if (wanted) {
            for (const auto& member : *wanted) {
                const auto found = settings_.find(member);
                if (found != settings_.end()) watched.insert(*found);
            }
            watch_.watch(watched);
        }
        next_look_.expires_after(looks_for_members_every);
        boost::system::error_code woken;
        co_await next_look_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

void leavers::take(const directory::account_change& change) {
    auto& waiting = members_[change.member];
    waiting.all = waiting.all || change.ids.empty();
    waiting.ids.insert(change.ids.begin(), change.ids.end());
    if (waiting.working) return;
    waiting.working = true;
    boost::asio::co_spawn(
        io_, [this, member = change.member]() -> awaitable<void> { co_await work_on(member); },
        boost::asio::detached);
}

awaitable<void> leavers::work_on(member_slug member) {
    auto& waiting = members_[member];
    while (!stopped_ && (waiting.all || !waiting.ids.empty())) {
        const auto ids = std::exchange(waiting.ids, {});
        const bool all = std::exchange(waiting.all, false);
        auto live = co_await live_persons(member, ids, all);
        if (live.empty()) continue;
        std::vector<directory_id> asked;
        for (const auto& one : live) asked.push_back(one.directory);
        const auto standings = co_await directories_.check_accounts(member, std::move(asked));
        if (!standings) {
            log_.info("leavers.not_checked",
                      {{"member", member.view()}, {"detail", standings.error().detail}});
            continue;
        }
        const auto& gone = standings->gone;
        std::erase_if(live, [&](const store::person& one) {
            return std::find(gone.begin(), gone.end(), one.directory) == gone.end();
        });
        if (!live.empty()) co_await end_everything_of(std::move(live));
    }
    waiting.working = false;
}

awaitable<std::vector<store::person>> leavers::live_persons(const member_slug& member,
                                                            const std::set<directory_id>& ids,
                                                            bool all) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) { return t.persons().with_live_access(member, now); };
    auto found = co_await memory_.read(work);
    if (!found) co_return std::vector<store::person>();
    if (!all) std::erase_if(*found, [&](const auto& one) { return !ids.contains(one.directory); });
    co_return std::move(*found);
}

awaitable<void> leavers::end_everything_of(std::vector<store::person> gone) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) {
        for (const auto& one : gone) {
            store::audit_record record;
            record.at = now;
            record.result = "left_the_directory";
            end_all_access(t, one.id, one.member, std::move(record));
        }
    };
    const auto done = co_await memory_.write(work);
    for (const auto& one : gone) {
        if (done)
            log_.info("leavers.signed_out",
                      {{"member", one.member.view()}, {"person", one.id.view()}});
        else
            log_.error("leavers.not_signed_out", {{"member", one.member.view()}});
    }
}

}  // namespace kommpass::idp::sessions
