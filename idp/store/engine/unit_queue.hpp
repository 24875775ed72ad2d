#pragma once

#include "idp/store/store.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <vector>

namespace kommpass::idp::store::engine {

using units = std::vector<std::unique_ptr<unit>>;

// Work that waits for an engine thread, up to a bound. Thread-safe.
class unit_queue {
public:
    explicit unit_queue(std::size_t bound) : bound_(bound) {}

    // Takes the unit, or leaves it where it is and says why.
    std::optional<store_error> push(std::unique_ptr<unit>& one) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_) return store_error::unavailable;
            if (waiting_.size() >= bound_) return store_error::overloaded;
            waiting_.push_back(std::move(one));
            if (!taker_sleeps_) return std::nullopt;
            taker_sleeps_ = false;
        }
        arrived_.notify_one();
        return std::nullopt;
    }

    // Waits for work, then moves the oldest `most` of it to `out`, which is empty before. False
    // once the queue is closed and empty. One thread takes.
    bool take(units& out, std::size_t most) {
        std::unique_lock lock(mutex_);
        while (waiting_.empty() && !closed_) {
            taker_sleeps_ = true;
            arrived_.wait(lock);
        }
        taker_sleeps_ = false;
        const auto count = static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
        const auto end = waiting_.begin() + count;
        out.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
        return !out.empty();
    }

    // From now on nothing is taken in; what waits is still given out.
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        arrived_.notify_one();
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

private:
    const std::size_t bound_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<unit>> waiting_;
    bool taker_sleeps_ = false;
    bool closed_ = false;
};

}  // namespace kommpass::idp::store::engine
