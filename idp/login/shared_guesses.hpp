#pragma once

#include "directory/lockout_guard.hpp"
#include "idp/login/throttle.hpp"
#include "idp/tasks/task.hpp"

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
class store;
class transaction;
struct guess_counts_seen;
}  // namespace kommpass::idp::store

namespace kommpass::idp::login {

// How every node names accounts and addresses: under a key that all of them have.
[[nodiscard]] std::array<std::byte, 32> throttle_key(const jose::key_ring&);
[[nodiscard]] std::function<std::string(const std::string&)> lockout_hash(
    std::shared_ptr<const jose::key_ring>);

// Lets the nodes of a store count wrong passwords together (docs/decisions/0066): about once a
// second this node adds what its throttle and its lock-out guard have counted and reads what the
// others have; at once where an attempt waits for a place. A sign-in without an error costs
// nothing here. One round at a time; what it refers to outlives it.
class shared_guesses {
public:
    using time_point = directory::lockout_guard::time_point;

    using keyed_hash = std::function<std::string(const std::string&)>;

    // `node`: its name among those that share the store; `hash`: the same on all of them.
    // `ask_soon` runs the task now, from any thread. The throttle was made with `throttle_key`.
    shared_guesses(store::store&, throttle&, directory::lockout_guard&,
                   const config::throttle_settings&, const clock&, keyed_hash hash,
                   std::string node, std::function<void()> ask_soon);

    // "guesses": on every node, each second.
    [[nodiscard]] tasks::task as_task();
    // One round that blocks; false: the store did not answer, and all is told the next time.
    bool exchange_now(time_point now);
    // The names of the others that lived at the last round. From any thread.
    [[nodiscard]] std::vector<std::string> other_nodes() const;
    // The last round of this node, which is none of them any more. Blocks.
    void leave(time_point now);

private:
    struct told;
    struct heard;
    [[nodiscard]] std::shared_ptr<const told> what_to_tell(time_point now);
    [[nodiscard]] heard perform(store::transaction&, const told&) const;
    // `places`: the names of those that this round gave.
    static void hear(const store::guess_counts_seen&, const told&,
                     const std::set<std::string>& places, heard& got);
    // `got`: null where the store did not answer.
    tasks::progress ended(const told&, heard* got);
    // Whether there is more to be heard.
    bool take(const told&, heard);
    void not_told(const told&);

    store::store& memory_;
    throttle& throttle_;
    directory::lockout_guard& lockouts_;
    const std::chrono::seconds forget_after_;
    const clock& time_;
    const std::string node_;
    mutable std::mutex nodes_mutex_;
    std::vector<std::string> other_nodes_;
    long long version_ = 0;              // heard so far
    std::optional<time_point> said_at_;  // that this node lives
};

}  // namespace kommpass::idp::login
