#pragma once

#include <mutex>
#include <set>

namespace kommpass::directory {

// Lets another thread end an attempt that waits.
class connect_watch {
public:
    // Shuts the descriptors down that are in use, and every one that comes; who waits for them then
    // fails. From any thread.
    void cut();
    [[nodiscard]] bool was_cut() const;
    // The connecting thread says which descriptors are in use, and takes one back before it is
    // closed or handed on. `watch` is false if the attempt was cut already.
    bool watch(int descriptor);
    void let_go(int descriptor);

private:
    mutable std::mutex mutex_;
    std::set<int> descriptors_;
    bool cut_ = false;
};

}  // namespace kommpass::directory
