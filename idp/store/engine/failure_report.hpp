#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace kommpass::idp::store::engine {

// Tells of failures: of each kind once, until work succeeds again; not once for each request that
// a full disk refuses. Thread-safe.
class failure_report {
public:
    // `turned`: told of the first failure, and of the first success after it. Either may be empty.
    explicit failure_report(std::function<void(const std::string&)> tell,
                            std::function<void(bool)> turned = {})
        : tell_(std::move(tell)), turned_(std::move(turned)) {}

    void operator()(const std::string& text) {
        const std::lock_guard lock(mutex_);
        failing_ = true;
        if (told_.empty() && turned_) turned_(true);
        const bool is_new = told_.size() < most_kinds && told_.insert(text).second;
        if (tell_ && is_new) tell_(text);
    }

    // Work was done.
    void works() {
        if (!failing_) return;
        const std::lock_guard lock(mutex_);
        failing_ = false;
        if (told_.empty()) return;
        told_.clear();
        if (turned_) turned_(false);
    }

private:
    static constexpr std::size_t most_kinds = 16;

    std::mutex mutex_;
    std::atomic<bool> failing_ = false;
    std::function<void(const std::string&)> tell_;
    std::function<void(bool)> turned_;
    std::set<std::string> told_;
};

}  // namespace kommpass::idp::store::engine
