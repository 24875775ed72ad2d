#include "idp/tasks/outbox_delivery.hpp"

#include "idp/observe/log.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/scheduler.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace kommpass::idp::tasks {
namespace {

constexpr auto until_kept_again = std::chrono::seconds(1);

// What is to be written about an entry whose attempt is over.
struct verdict {
    enum class kind { gone, later, dead } what = kind::gone;
    std::string error{};
    instant due_at{};
};

verdict judge(const store::outbox_entry& entry, const delivery& outcome,
              const delivery_settings& settings, randomness& random, instant now) {
    if (std::holds_alternative<delivered>(outcome)) return {};
    if (const auto* refused = std::get_if<never>(&outcome))
        return {.what = verdict::kind::dead, .error = refused->error};
    const auto& failed = std::get<again>(outcome);
    if (entry.attempts + 1 >= settings.attempts)
        return {.what = verdict::kind::dead, .error = failed.error};
    auto due_at = now + wait_after(entry.attempts + 1, settings.waits, random);
    if (failed.not_before)
        due_at = std::max<instant>(
            due_at, std::min<instant>(*failed.not_before, now + settings.waits.longest_wait));
    return {.what = verdict::kind::later, .error = failed.error, .due_at = due_at};
}

void write_down(store::outbox_store& outbox, long long sequence, const verdict& said, instant now) {
    switch (said.what) {
        case verdict::kind::gone:
            outbox.delivered(sequence);
            return;
        case verdict::kind::later:
            outbox.postpone(sequence, said.due_at, said.error);
            return;
        case verdict::kind::dead:
            outbox.bury(sequence, said.error, now);
            return;
    }
}

void tell(observe::log& log, const store::outbox_entry& entry, const verdict& said) {
    const auto attempts = entry.attempts + 1;
    if (said.what == verdict::kind::later)
        log.warning("outbox.postponed", {{"topic", entry.topic},
                                         {"lane", entry.lane},
                                         {"sequence", entry.sequence},
                                         {"attempts", attempts},
                                         {"reason", said.error}});
    else if (said.what == verdict::kind::dead)
        log.error("outbox.dead_letter", {{"topic", entry.topic},
                                         {"lane", entry.lane},
                                         {"sequence", entry.sequence},
                                         {"attempts", attempts},
                                         {"reason", said.error}});
}

}  // namespace

outbox_delivery::outbox_delivery(boost::asio::io_context& io, scheduler& by, store::store& memory,
                                 const clock& time, randomness& random, observe::log& log,
                                 delivery_settings settings)
    : io_(io),
      by_(by),
      memory_(memory),
      time_(time),
      random_(random),
      log_(log),
      settings_(settings) {}

void outbox_delivery::deliver(const std::string& topic_name, receiver receive) {
    const auto added = topics_.try_emplace(topic_name, topic{std::move(receive), {}}).second;
    if (!added) throw std::invalid_argument("two deliver the topic " + topic_name);
}

task outbox_delivery::as_task() {
    return {.name = task_name,
            .every = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = [this] { return hand_out(); }};
}

std::size_t outbox_delivery::in_flight() const noexcept {
    std::size_t count = 0;
    for (const auto& [name, one] : topics_) count += one.lanes_in_flight.size();
    return count;
}

// Begins an attempt in each lane that has something due, and waits for none.
boost::asio::awaitable<progress> outbox_delivery::hand_out() {
    for (auto& [name, one] : topics_) {
        // A lane whose attempt ends while the store is asked may still be in its answer.
        const auto busy = one.lanes_in_flight;
        if (busy.size() >= settings_.most_at_once) continue;
        auto look = [&wanted = name, now = time_.now(), limit = settings_.most_at_once](
                        store::transaction& t) { return t.outbox().due(wanted, now, limit); };
        auto due = co_await memory_.read(look);
        if (!due) co_return progress::failed("the store did not answer");
        for (auto& entry : *due) {
            if (by_.stopped() || one.lanes_in_flight.size() >= settings_.most_at_once) break;
            if (busy.contains(entry.lane)) continue;
            one.lanes_in_flight.insert(entry.lane);
            boost::asio::co_spawn(io_, attempt(one, std::move(entry)), boost::asio::detached);
        }
    }
    co_return progress::done();
}

boost::asio::awaitable<void> outbox_delivery::attempt(topic& of, store::outbox_entry entry) {
    const bool ours = co_await is_still_ours(entry);
    if (ours) {
        const delivery outcome = co_await ask(of, entry);
        co_await keep(entry, outcome);
    }
    of.lanes_in_flight.erase(entry.lane);
    if (ours) by_.run_soon(task_name);  // its lane may have more
}

boost::asio::awaitable<bool> outbox_delivery::is_still_ours(const store::outbox_entry& entry) {
    const auto fence = by_.fence_of(task_name);
    if (!fence) co_return false;
    auto look = [&entry, fence = *fence, now = time_.now()](store::transaction& t) {
        if (!t.leases().holds(lease_name(task_name), fence, now)) return false;
        const auto found = t.outbox().find(entry.sequence);
        return found && found->attempts == entry.attempts;
    };
    const auto ours = co_await memory_.read(look);
    co_return ours&&* ours;
}

boost::asio::awaitable<delivery> outbox_delivery::ask(topic& of, const store::outbox_entry& entry) {
    // Shared with the timer, whose handler may be on its way when the attempt is over.
    struct limit {
        boost::asio::cancellation_signal cancel;
        bool over = false;
        bool reached = false;
    };
    const auto deadline = std::make_shared<limit>();
    boost::asio::steady_timer timer(io_, settings_.attempt_deadline);
    timer.async_wait([deadline](boost::system::error_code cancelled) {
        if (cancelled || deadline->over) return;
        deadline->reached = true;
        deadline->cancel.emit(boost::asio::cancellation_type::terminal);
    });
    delivery outcome = again{};
    std::string thrown;
    try {
        auto work = of.receive(entry);
        auto token = boost::asio::bind_cancellation_slot(deadline->cancel.slot(),
                                                         boost::asio::use_awaitable);
        outcome = co_await boost::asio::co_spawn(io_, std::move(work), token);
    } catch (const std::exception& failure) {
        thrown = failure.what();
    } catch (...) {
        thrown = "something that is no exception";
    }
    deadline->over = true;
    if (thrown.empty()) co_return outcome;
    if (deadline->reached)
        co_return again{"no answer within " + std::to_string(settings_.attempt_deadline.count()) +
                        " ms"};
    log_.error("outbox.receiver_threw", {{"topic", entry.topic}, {"reason", thrown}});
    co_return again{"a fault in Kommpass: " + thrown};
}

// Stays with it while the store cannot take it: what arrived is not sent again because nobody could
// note that.
boost::asio::awaitable<void> outbox_delivery::keep(const store::outbox_entry& entry,
                                                   const delivery& outcome) {
    const auto now = time_.now();
    const auto said = judge(entry, outcome, settings_, random_, now);
    tell(log_, entry, said);
    auto note = [&](store::transaction& t) { write_down(t.outbox(), entry.sequence, said, now); };
    for (std::string bug; true;) {
        try {
            const auto kept = co_await memory_.write(note);
            if (kept) co_return;
        } catch (const std::exception& thrown) {
            if (bug.empty())
                log_.error("outbox.not_kept",
                           {{"sequence", entry.sequence}, {"reason", thrown.what()}});
            bug = thrown.what();
        }
        if (by_.stopped()) co_return;
        boost::asio::steady_timer pause(io_, until_kept_again);
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
}

}  // namespace kommpass::idp::tasks
