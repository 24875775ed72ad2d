#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kommpass::idp::admin {

struct job_outcome;  // job_results.hpp

// Long work of one actor: what others may see of it while it runs, and its end.
class job {
public:
    job(std::string new_id, std::string of_actor, std::string what, instant now)
        : id(std::move(new_id)), owner(std::move(of_actor)), kind(std::move(what)), started(now) {}

    const std::string id;
    const std::string owner;  // id of the actor
    const std::string kind;   // "simulation", "campaign", "roles"
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

// The jobs of this process, forgotten an hour after they began; at most 200, and 4 running ones for
// each actor. Thread-safe.
class jobs {
public:
    jobs(randomness& random, const clock& time) : random_(random), time_(time) {}
    // Nothing if too many run.
    [[nodiscard]] std::shared_ptr<job> begin(const std::string& owner, std::string kind);
    // Nothing for another's.
    [[nodiscard]] std::shared_ptr<job> find(const std::string& owner, const std::string& id) const;

private:
    randomness& random_;
    const clock& time_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<job>, std::less<>> all_;
};

}  // namespace kommpass::idp::admin
