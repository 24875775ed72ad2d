#include "idp/tasks/fair_workers.hpp"

#include <pthread.h>

namespace kommpass::idp::tasks {

fair_workers::fair_workers(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { run(); });
        ::pthread_setname_np(threads_.back().native_handle(), "worker");
    }
}

fair_workers::~fair_workers() { stop(); }

void fair_workers::stop() {
    heaps dropped;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        dropped.swap(waiting_);
        turns_.clear();
    }
    changed_.notify_all();
    for (auto& one : threads_) {
        if (one.joinable()) one.join();
    }
}

void fair_workers::add(std::function<void()> work, const std::string& whose) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        auto& heap = waiting_[whose];
        if (heap.empty() && !running_.contains(whose)) turns_.push_back(whose);
        heap.push_back(std::move(work));
    }
    changed_.notify_one();
}

void fair_workers::run() {
    while (true) {
        std::string whose;
        std::function<void()> work;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopped_ || !turns_.empty(); });
            if (stopped_) return;
            whose = std::move(turns_.front());
            turns_.pop_front();
            auto& heap = waiting_[whose];
            work = std::move(heap.front());
            heap.pop_front();
            running_.insert(whose);
        }
        work();
        work = nullptr;  // what it holds ends before the next begins
        {
            const std::lock_guard lock(mutex_);
            running_.erase(whose);
            const auto heap = waiting_.find(whose);
            if (heap == waiting_.end()) continue;
            if (heap->second.empty()) {
                waiting_.erase(heap);
                continue;
            }
            turns_.push_back(whose);
        }
        changed_.notify_one();
    }
}

}  // namespace kommpass::idp::tasks
