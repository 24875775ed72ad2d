#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace kommpass::idp::admin {

// One thread for work of administrators that would hold an I/O thread up. One piece after the
// other. Its end waits for the piece that runs, and drops those that wait. Thread-safe.
class back_room {
public:
    back_room();
    ~back_room();
    back_room(const back_room&) = delete;
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

}  // namespace kommpass::idp::admin
