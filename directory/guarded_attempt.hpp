#pragma once

#include "directory/lockout_guard.hpp"

#include <string>
#include <utility>

namespace kommpass::directory {

// One attempt that the lock-out guard has let through. What it is not told of was never judged, and
// is withdrawn.
class guarded_attempt {
public:
    guarded_attempt(lockout_guard& guard, std::string account, lockout_guard::browser from)
        : guard_(guard), account_(std::move(account)), from_(from) {}
    ~guarded_attempt() {
        if (!told_) guard_.withdrawn(account_);
    }
    guarded_attempt(const guarded_attempt&) = delete;
    guarded_attempt& operator=(const guarded_attempt&) = delete;

    void succeeded() {
        told_ = true;
        guard_.succeeded(account_);
    }
    void failed() {
        told_ = true;
        guard_.failed(account_, from_, std::chrono::steady_clock::now());
    }

private:
    lockout_guard& guard_;
    std::string account_;
    lockout_guard::browser from_;
    bool told_ = false;
};

}  // namespace kommpass::directory
