#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace kommpass::idp::tasks {

// Threads for work of administrators that would hold an I/O thread up. Whose work it is stands
// with it, a member's slug or empty for the service's own: each in turn gets one piece done, one at
// a time and in order, however much of theirs waits, so that nobody waits behind another's heap.
// Its end waits for the pieces that run, and drops those that wait. Thread-safe.
class fair_workers {
public:
    explicit fair_workers(unsigned threads);
    ~fair_workers();
    fair_workers(const fair_workers&) = delete;
    void add(std::function<void()> work, const std::string& whose = {});
    // Nothing is taken after it.
    void stop();

private:
    void run();

    using heaps = std::map<std::string, std::deque<std::function<void()>>>;

    std::mutex mutex_;
    std::condition_variable changed_;
    heaps waiting_;
    std::deque<std::string> turns_;  // whose work waits and does not run, in order of their turn
    std::set<std::string> running_;
    bool stopped_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace kommpass::idp::tasks
