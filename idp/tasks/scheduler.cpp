#include "idp/tasks/scheduler.hpp"

#include "idp/observe/log.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <stdexcept>

namespace kommpass::idp::tasks {
namespace {

using namespace std::chrono_literals;

// Whether a lease taken then needs no renewal yet: each renewal is a durable write.
bool fresh(const task& what, instant taken_at, instant now) {
    return taken_at <= now && now < taken_at + lease_length(what) / 2;
}

std::chrono::seconds until_asked_again(const task& what) {
    return std::clamp<std::chrono::seconds>(what.every, 1s, 10s);
}

void check(const std::vector<task>& tasks) {
    for (auto one = tasks.begin(); one != tasks.end(); ++one) {
        const auto same = [&](const task& other) { return other.name == one->name; };
        if (one->name.empty() || one->every < 1s || !one->run ||
            std::any_of(tasks.begin(), one, same))
            throw std::invalid_argument("a task without a name of its own, a period or a run: '" +
                                        one->name + "'");
    }
}

}  // namespace

std::string lease_name(std::string_view task) { return "task." + std::string(task); }

std::chrono::seconds lease_length(const task& what) {
    return std::max<std::chrono::seconds>(1min, 2 * what.every);
}

scheduler::scheduler(boost::asio::io_context& io, store::store& memory, const clock& time,
                     observe::log& log, std::string node, std::chrono::milliseconds look_every)
    : io_(io),
      memory_(memory),
      time_(time),
      log_(log),
      node_(std::move(node)),
      look_every_(look_every),
      next_look_(io) {}

void scheduler::start(std::vector<task> tasks) {
    check(tasks);
    if (!tasks_.empty()) throw std::invalid_argument("a scheduler is started once");
    const auto now = time_.now();
    tasks_.reserve(tasks.size());
    for (auto& one : tasks) {
        const auto due_at = now + one.first_after;
        tasks_.push_back({.what = std::move(one), .due_at = due_at});
    }
    await_next_look();
}

void scheduler::stop() {
    if (stopped_) return;
    stopped_ = true;
    next_look_.cancel();
    for (const auto& one : tasks_) {
        if (one.what.let_go) one.what.let_go();
    }
}

void scheduler::await_next_look() {
    next_look_.expires_after(look_every_);
    next_look_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled || stopped_) return;
        look();
        await_next_look();
    });
}

void scheduler::look() {
    if (stopped_) return;
    const auto now = time_.now();
    for (auto& one : tasks_) {
        // After a clock was set back nobody waits longer than without.
        const auto longest = std::max({one.what.every, one.what.first_after, 1s});
        one.due_at = std::min<instant>(one.due_at, now + longest);
        if (!one.running && one.due_at <= now) {
            begin(one);
        } else if (one.running && one.fence && !one.renewing &&
                   !fresh(one.what, one.lease_taken_at, now)) {
            one.renewing = true;
            boost::asio::co_spawn(io_, renew(one), boost::asio::detached);
        }
    }
}

void scheduler::run_soon(std::string_view name) {
    for (auto& one : tasks_) {
        if (stopped_ || one.what.name != name || time_.now() < one.refused_until) continue;
        if (one.running)
            one.wanted = true;
        else
            begin(one);
    }
}

void scheduler::begin(scheduled& one) {
    one.running = true;
    one.wanted = false;
    boost::asio::co_spawn(io_, run(one), boost::asio::detached);
}

boost::asio::awaitable<void> scheduler::run(scheduled& one) {
    const auto begun = time_.now();
    one.due_at = begun + one.what.every;
    progress ended;
    try {
        ended = co_await run_as_allowed(one);
    } catch (const std::exception& bug) {
        ended = progress::failed(std::string("it threw: ") + bug.what());
    } catch (...) {
        ended = progress::failed("it threw something that is no exception");
    }
    if (ended.kind == progress_kind::failed)
        note(one, ended.reason.empty() ? "no reason given" : ended.reason);
    else if (one.refused_until <= begun)  // else another node has it, and nothing was run
        note(one, {});
    if (ended.kind == progress_kind::more) one.due_at = begun;
    one.running = false;
    if (one.wanted && !stopped_) begin(one);
}

boost::asio::awaitable<progress> scheduler::run_as_allowed(scheduled& one) {
    if (one.what.once_for_all_nodes) {
        const auto answer = co_await take_lease(one);
        const auto now = time_.now();
        if (answer != lease::held)
            one.due_at = std::min<instant>(one.due_at, now + until_asked_again(one.what));
        if (answer == lease::store_failed)
            co_return progress::failed("the store did not give the lease");
        if (answer == lease::refused) {
            one.refused_until = one.due_at;
            one.wanted = false;
            co_return progress::done();
        }
        one.refused_until = {};
    }
    if (stopped_) co_return progress::done();
    auto work = one.what.run();
    co_return co_await std::move(work);
}

boost::asio::awaitable<scheduler::lease> scheduler::take_lease(scheduled& one) {
    const auto now = time_.now();
    if (one.fence && fresh(one.what, one.lease_taken_at, now)) co_return lease::held;
    auto take = [this, &one, now](store::transaction& t) {
        return t.leases().take(lease_name(one.what.name), node_, now, now + lease_length(one.what));
    };
    const auto taken = co_await memory_.write(take);
    if (!taken) co_return lease::store_failed;
    if (*taken && *taken != one.fence)
        log_.info("task.taken", {{"task", one.what.name}, {"fence", **taken}});
    if (!*taken && one.fence) log_.warning("task.lost", {{"task", one.what.name}});
    // Also where it came back: another node has had it in between.
    const bool lost = one.fence && *taken != one.fence;
    one.fence = *taken;
    if (lost && one.what.let_go) one.what.let_go();
    if (!one.fence) co_return lease::refused;
    one.lease_taken_at = now;
    co_return lease::held;
}

// Of a task that runs longer than half its lease. One that lost it goes on: it cannot be stopped in
// the middle, and asks for its fence where it matters.
boost::asio::awaitable<void> scheduler::renew(scheduled& one) {
    try {
        co_await take_lease(one);
    } catch (const std::exception& bug) {
        log_.error("task.not_renewed", {{"task", one.what.name}, {"reason", bug.what()}});
    }
    one.renewing = false;
}

// A failure is told once, and so is its end.
void scheduler::note(scheduled& one, const std::string& failure) {
    if (one.failure == failure) return;
    one.failure = failure;
    if (failure.empty())
        log_.info("task.works_again", {{"task", one.what.name}});
    else
        log_.warning("task.failed", {{"task", one.what.name}, {"reason", failure}});
}

const scheduler::scheduled* scheduler::find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(tasks_, [&](const scheduled& one) { return one.what.name == name; });
    return found == tasks_.end() ? nullptr : &*found;
}

std::vector<std::string> scheduler::leases() const {
    std::vector<std::string> names;
    for (const auto& one : tasks_) {
        if (one.what.once_for_all_nodes) names.push_back(lease_name(one.what.name));
    }
    return names;
}

std::size_t scheduler::running() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(tasks_, [](const scheduled& one) { return one.running; }));
}

std::optional<long long> scheduler::fence_of(std::string_view name) const {
    const auto* one = find(name);
    return one == nullptr ? std::nullopt : one->fence;
}

}  // namespace kommpass::idp::tasks
