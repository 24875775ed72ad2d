#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kommpass::idp::admin {

enum class operation : std::uint8_t;
class actor;
struct job_outcome;  // job_results.hpp

// Long work as it is begun.
struct job_order {
    std::string kind;  // "simulation", "campaign", "roles"
    // The right that it was begun by, over this member; empty: over all. Whoever has lost it sees
    // the result no more.
    operation needs;
    member_slug of;
};

// Long work of one actor: what others may see of it while it runs, and its end.
class job {
public:
    job(std::string new_id, std::string of_actor, member_slug of_home, job_order what, instant now)
        : id(std::move(new_id)),
          owner(std::move(of_actor)),
          home(std::move(of_home)),
          kind(what.kind),
          order(std::move(what)),
          started(now) {}

    const std::string id;
    const std::string owner;  // id of the actor
    const member_slug home;   // the actor's member, for which it counts; empty: the machine
    const std::string kind;
    const job_order order;
    const instant started;

    std::atomic<std::size_t> done{0};
    std::atomic<std::size_t> of{0};
    std::atomic<bool> cancelled{false};

    // What it came to; nothing while it runs. Thread-safe.
    [[nodiscard]] std::shared_ptr<const job_outcome> outcome() const;
    void finish(std::shared_ptr<const job_outcome>);
    // What the face that began it wants to find again beside the result.
    void remember(boost::json::object);
    [[nodiscard]] boost::json::object remembered() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const job_outcome> outcome_;
    boost::json::object remembered_;
};

// The jobs of this process, forgotten an hour after they began. Bounds are each one's own: an
// administrator, and the administrators of one member together, run and keep only so many, and take
// none of them from anybody else. Whoever has kept as many as they may loses the oldest result for
// the next. Thread-safe.
class jobs {
public:
    static constexpr std::size_t most_running_of_actor = 4;
    static constexpr std::size_t most_running_of_member = 12;
    static constexpr std::size_t most_kept_of_actor = 20;
    static constexpr std::size_t most_kept_of_member = 60;

    jobs(randomness& random, const clock& time) : random_(random), time_(time) {}
    // Nothing if too many of the actor's, or of their member's, run.
    [[nodiscard]] std::shared_ptr<job> begin(const actor&, job_order);
    // Nothing for another's, and for one whose right the actor does not hold any more.
    [[nodiscard]] std::shared_ptr<job> find(const actor&, const std::string& id) const;

private:
    randomness& random_;
    const clock& time_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<job>, std::less<>> all_;
};

}  // namespace kommpass::idp::admin
