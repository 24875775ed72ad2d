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

// Work that waits for an engine's threads, up to a bound. Thread-safe.
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
            if (sleeping_ == 0) return std::nullopt;
            --sleeping_;
        }
        arrived_.notify_one();
        return std::nullopt;
    }

    // Waits for work, then moves the oldest `most` of it to `out`, which is empty before. False
    // once the queue is closed and empty.
    bool take(units& out, std::size_t most) {
        std::unique_lock lock(mutex_);
        if (!sleep_until_work(lock)) return false;
        move_to(out, most);
        return true;
    }

    // The two halves, for a taker that has something to do in between. False: as `take`. Where
    // several take, there may be nothing left.
    bool wait_for_work() {
        std::unique_lock lock(mutex_);
        return sleep_until_work(lock);
    }
    void take_now(units& out, std::size_t most) {
        const std::lock_guard lock(mutex_);
        move_to(out, most);
    }

    // From now on nothing is taken in; what waits is still given out.
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        arrived_.notify_all();
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

private:
    bool sleep_until_work(std::unique_lock<std::mutex>& lock) {
        while (waiting_.empty() && !closed_) {
            ++sleeping_;
            arrived_.wait(lock);
        }
        return !waiting_.empty();
    }
    void move_to(units& out, std::size_t most) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
        const auto end = waiting_.begin() + count;
        out.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
    }

    const std::size_t bound_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<unit>> waiting_;
    std::size_t sleeping_ = 0;  // takers that nobody has woken
    bool closed_ = false;
};

}  // namespace kommpass::idp::store::engine
