#pragma once

#include "directory/account_watch.hpp"
#include "idp/sessions/leavers.hpp"
#include "idp/tasks/task.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <map>

namespace kommpass::idp::tasks {
class scheduler;
}

namespace kommpass::idp::sessions {

// Watches the directories of those members of which somebody is signed in, on the one node that has
// the lease. A run adjusts what is watched; the watches themselves go on between the runs, so that
// a leaver is out as soon as the directory tells. A node that loses the lease lets go of its
// watches; the next one begins by asking about everybody, so that nothing is missed in between. One
// I/O thread only, that of the scheduler.
class leavers_task {
public:
    // Runs as a task of `by`. What is given outlives this.
    leavers_task(boost::asio::io_context&, tasks::scheduler& by, directory::federation&,
                 directory::member_directories&, store::store&, const clock&, observe::log&);
    leavers_task(const leavers_task&) = delete;

    // The members of the registry, at the start and of each new one.
    void take_members(std::map<member_slug, directory_settings>);
    [[nodiscard]] tasks::task as_task();
    // Ends the watches and asks nobody any more; after the scheduler's stop.
    void stop();
    // Those that are watched now.
    [[nodiscard]] std::map<member_slug, directory::watch_state> watched() const;

private:
    boost::asio::awaitable<tasks::progress> adjust();

    tasks::scheduler& by_;
    store::store& memory_;
    const clock& time_;
    leavers leavers_;
    directory::account_watch watch_;
    std::map<member_slug, directory_settings> settings_;
};

}  // namespace kommpass::idp::sessions
