#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace kommpass::idp::tasks {

// One thread for work of administrators that would hold an I/O thread up. One piece after the
// other. Its end waits for the piece that runs, and drops those that wait. Thread-safe.
class worker_thread {
public:
    worker_thread();
    ~worker_thread();
    worker_thread(const worker_thread&) = delete;
    void add(std::function<void()> work);
    // Nothing is taken after it.
    void stop();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace kommpass::idp::tasks
