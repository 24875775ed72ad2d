#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/tasks/task.hpp"

#include <atomic>
#include <optional>
#include <string>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
class store;
}
namespace kommpass::idp::tasks {
class worker_thread;
}

namespace kommpass::idp::keys {

// Keeps the running keys what their place says (key_place.hpp): takes those that a command or
// another node has changed, and rotates keys when it is time. What it refers to outlives it; one
// thread but for `take_anew` and `give_up`.
class key_file_watch {
public:
    key_file_watch(const config::settings&, const clock&, randomness&, store::store&,
                   live<jose::key_ring>&, observe::log&, tasks::worker_thread&);

    // The next look takes the keys whether it has changed or not. From any thread.
    void take_anew() noexcept { anew_ = true; }

    // Ends the making of keys that is under way, before the worker ends. From any thread.
    void give_up() noexcept { given_up_ = true; }

    // "keys.file": on every node, each second.
    [[nodiscard]] tasks::task file_task();
    // "keys.rotation": the keys are shared by the nodes, so one of them rotates them.
    [[nodiscard]] tasks::task rotation_task();

private:
    void take_if_changed();
    void say_once(const std::string& why);
    [[nodiscard]] tasks::progress rotate_if_due();

    const config::settings& settings_;
    const clock& time_;
    randomness& random_;
    store::store& memory_;
    live<jose::key_ring>& keys_;
    observe::log& log_;
    tasks::worker_thread& worker_;
    std::atomic<bool> anew_{false};
    std::atomic<bool> given_up_{false};
    std::optional<long long> stamp_;  // of the keys that are in force; nothing: not yet looked
    std::string said_;                // the last reason that was logged
};

}  // namespace kommpass::idp::keys
