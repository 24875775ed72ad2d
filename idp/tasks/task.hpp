#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace kommpass::idp::tasks {

enum class progress_kind {
    done,    // the next run comes when its period is over
    more,    // the next run comes at the next look, about a second later
    failed,  // tried again when its period is over
};

// How a run of a task ended.
struct progress {
    progress_kind kind = progress_kind::done;
    std::string reason{};  // of a failure, for the operator; logged when it is a new one

    [[nodiscard]] static progress done() { return {}; }
    [[nodiscard]] static progress more() { return {.kind = progress_kind::more}; }
    [[nodiscard]] static progress failed(std::string why) {
        return {.kind = progress_kind::failed, .reason = std::move(why)};
    }
};

// What the service does by itself as time goes by. A run does a bounded piece, every wait in it has
// a deadline, and it may be run twice: a node that dies in the middle leaves it to the next one.
struct task {
    std::string name;            // "outbox"; "task.outbox" is the name of its lease
    std::chrono::seconds every;  // from the beginning of one run to that of the next; at least 1 s
    std::chrono::seconds first_after{0};  // from the start to the first run
    // Of all nodes that share the store only one runs it, each period once. The others take over
    // when that one is gone, some ten seconds after its lease is over (`scheduler.hpp`).
    bool once_for_all_nodes = false;
    std::function<boost::asio::awaitable<progress>()> run;
    // Ends what goes on between the runs, such as a watch: called when this node's lease has gone
    // to another one, and when the scheduler stops; not called where there is nothing to end. A run
    // may be under way.
    std::function<void()> let_go{};
};

}  // namespace kommpass::idp::tasks
