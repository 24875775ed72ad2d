#include "directory/line/connect_watch.hpp"

#include <sys/socket.h>

namespace kommpass::directory {

void connect_watch::cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    for (const int one : descriptors_) ::shutdown(one, SHUT_RDWR);
}

bool connect_watch::was_cut() const {
    const std::lock_guard lock(mutex_);
    return cut_;
}

bool connect_watch::watch(int descriptor) {
    const std::lock_guard lock(mutex_);
    if (!cut_) descriptors_.insert(descriptor);
    return !cut_;
}

void connect_watch::let_go(int descriptor) {
    const std::lock_guard lock(mutex_);
    descriptors_.erase(descriptor);
}

}  // namespace kommpass::directory
