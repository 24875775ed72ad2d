#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/tasks/task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::observe {
class log;
}

namespace kommpass::idp::tasks {

// Runs each task when it is due, in a coroutine of its own, so that a slow one delays no other; no
// task runs beside itself. What a task throws counts as a failure.
//
// For one thread: the io_context's, or the one that sets it up before it runs. Order of ending:
// `stop()`, then run the io_context until it is out of work and stop the store, then destroy this
// and the io_context, the store last.
class scheduler {
public:
    // `node` names this process among all that share the store. A process that is started again
    // under the same name goes on with its leases at once; two that run under one name are not told
    // apart.
    scheduler(boost::asio::io_context&, store::store&, const clock&, observe::log&,
              std::string node, std::chrono::milliseconds look_every = std::chrono::seconds(1));
    scheduler(const scheduler&) = delete;
    scheduler& operator=(const scheduler&) = delete;

    // Once. A task without a name of its own, a run or a period is `std::invalid_argument`.
    void start(std::vector<task>);
    // No task begins after it; those that run come to their end.
    void stop();

    // Begins each task that is due and does not run. Called about once a second from `start` on.
    void look();
    // Runs the task now, or once more when it runs already. Nothing happens for a name that was not
    // given, after a stop, or while another node has the task.
    void run_soon(std::string_view name);

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] std::size_t running() const noexcept;
    // The names of the leases under which tasks run, whether this node has them or not. From any
    // thread, once it was started.
    [[nodiscard]] std::vector<std::string> leases() const;
    // The fence of the lease that this node has on the task; nothing while it has none. For
    // `leases().holds(lease_name(name), fence, now)` in a unit of work.
    [[nodiscard]] std::optional<long long> fence_of(std::string_view name) const;

private:
    struct scheduled {
        task what;
        instant due_at{};
        bool running = false;
        bool wanted = false;  // once more, when this run is over
        bool renewing = false;
        std::optional<long long> fence{};
        instant lease_taken_at{};
        instant refused_until{};  // another node had the lease: not asked for again before
        std::string failure{};    // as it was logged last; empty: it works
    };
    enum class lease { held, refused, store_failed };

    void begin(scheduled&);
    boost::asio::awaitable<void> run(scheduled&);
    boost::asio::awaitable<progress> run_as_allowed(scheduled&);
    boost::asio::awaitable<lease> take_lease(scheduled&);
    boost::asio::awaitable<void> renew(scheduled&);
    void note(scheduled&, const std::string& failure);
    void await_next_look();
    [[nodiscard]] const scheduled* find(std::string_view name) const;

    boost::asio::io_context& io_;
    store::store& memory_;
    const clock& time_;
    observe::log& log_;
    const std::string node_;
    const std::chrono::milliseconds look_every_;
    boost::asio::steady_timer next_look_;
    std::vector<scheduled> tasks_;  // as `start` made it: coroutines refer to its elements
    bool stopped_ = false;
};

// "task.outbox"
[[nodiscard]] std::string lease_name(std::string_view task);
// Two periods, so that between two runs nobody else takes the task; at least a minute, so that a
// task of every second is no durable write of every second.
[[nodiscard]] std::chrono::seconds lease_length(const task&);

}  // namespace kommpass::idp::tasks
