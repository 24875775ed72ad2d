#include "directory/connect_workers.hpp"

#include <pthread.h>

#include <csignal>
#include <thread>

namespace kommpass::directory {

connect_workers::connect_workers(const clock& time, address_book reachable)
    : time_(time), addresses_(std::move(reachable)) {
    std::signal(SIGPIPE, SIG_IGN);
}

connect_workers::~connect_workers() {
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [this] { return running_ == 0; });
}

void connect_workers::run(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        ++running_;
    }
    std::thread([this, work = std::move(work)] {
        ::pthread_setname_np(::pthread_self(), "ldap-connect");
        work();
        const std::lock_guard lock(mutex_);
        --running_;
        finished_.notify_all();
    }).detach();
}

std::size_t connect_workers::running() const {
    const std::lock_guard lock(mutex_);
    return running_;
}

}  // namespace kommpass::directory
