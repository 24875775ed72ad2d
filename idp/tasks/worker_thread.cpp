#include "idp/tasks/worker_thread.hpp"

#include <pthread.h>

namespace kommpass::idp::tasks {

worker_thread::worker_thread() : thread_([this] { run(); }) {
    ::pthread_setname_np(thread_.native_handle(), "worker");
}

worker_thread::~worker_thread() { stop(); }

void worker_thread::stop() {
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        dropped.swap(waiting_);
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void worker_thread::add(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
}

void worker_thread::run() {
    while (true) {
        std::function<void()> work;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
            if (stopped_) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work();
    }
}

}  // namespace kommpass::idp::tasks
