#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/store/outbox.hpp"
#include "idp/tasks/back_off.hpp"
#include "idp/tasks/task.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::observe {
class log;
}

namespace kommpass::idp::tasks {

class scheduler;

// What became of an attempt. The words are for the operator: no secret, no name of a person.
struct delivered {};
struct again {
    std::string error{};
    // The receiver's wish ("Retry-After"); heeded up to the longest wait.
    std::optional<instant> not_before{};
};
struct never {  // a dead letter at once: the receiver refused it for good
    std::string error;
};
using delivery = std::variant<delivered, again, never>;

// Brings one entry to whom its lane names. The entry lives until the coroutine ends. It is
// cancelled at the deadline of the attempt: what it awaits ends with `operation_aborted`, which it
// lets through. Where it awaits what cannot be cancelled, it sees to a bound itself: until it ends
// its lane waits, since what may still arrive is not sent a second time. It may be called again for
// an entry that arrived (a node died before it could note that), so that receivers need a key.
using receiver = std::function<boost::asio::awaitable<delivery>(const store::outbox_entry&)>;

struct delivery_settings {
    std::size_t most_at_once = 16;  // lanes of each topic: a topic that hangs holds up no other
    unsigned attempts = 12;         // after the last one it is a dead letter
    back_off waits{};
    std::chrono::milliseconds attempt_deadline{10'000};
};

// Delivers what the outbox holds, at least once, each lane in order. A node that slept between
// reading an entry and sending it looks again first: another one may have delivered it. It keeps
// nothing but what is in flight: order, attempts and times are in the store. For the scheduler's
// thread.
class outbox_delivery {
public:
    static constexpr const char* task_name = "outbox";

    // Runs as a task of `by`, which is stopped and run out of work before this is destroyed.
    outbox_delivery(boost::asio::io_context&, scheduler& by, store::store&, const clock&,
                    randomness&, observe::log&, delivery_settings = {});
    outbox_delivery(const outbox_delivery&) = delete;
    outbox_delivery& operator=(const outbox_delivery&) = delete;

    // Before the scheduler starts. Entries of topics that nobody delivers wait in the store.
    void deliver(const std::string& topic, receiver);

    // For `scheduler::start`. Who has put an entry says `run_soon(task_name)`; otherwise it is seen
    // within a second.
    [[nodiscard]] task as_task();

    [[nodiscard]] std::size_t in_flight() const noexcept;

private:
    struct topic {
        receiver receive;
        std::set<std::string> lanes_in_flight;
    };

    boost::asio::awaitable<progress> hand_out();
    // Whether this node still delivers, and nobody else has dealt with the entry since it was read.
    boost::asio::awaitable<bool> is_still_ours(const store::outbox_entry&);
    boost::asio::awaitable<void> attempt(topic&, store::outbox_entry);
    boost::asio::awaitable<delivery> ask(topic&, const store::outbox_entry&);
    boost::asio::awaitable<void> keep(const store::outbox_entry&, const delivery&);

    boost::asio::io_context& io_;
    scheduler& by_;
    store::store& memory_;
    const clock& time_;
    randomness& random_;
    observe::log& log_;
    const delivery_settings settings_;
    std::map<std::string, topic> topics_;
};

}  // namespace kommpass::idp::tasks
