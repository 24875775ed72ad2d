#pragma once

#include <atomic>
#include <memory>

namespace kommpass {

// The one place where an immutable value that can be replaced while the service runs (the compiled
// registry, the key ring) is found. A request takes it once and works with that revision to its
// end. Thread-safe.
template <class T>
class live {
public:
    explicit live(std::shared_ptr<const T> first) : value_(std::move(first)) {}
    [[nodiscard]] std::shared_ptr<const T> get() const noexcept {
        return value_.load(std::memory_order_acquire);
    }
    void replace(std::shared_ptr<const T> next) noexcept {
        value_.store(std::move(next), std::memory_order_release);
    }

private:
    std::atomic<std::shared_ptr<const T>> value_;
};

}  // namespace kommpass
