#include "directory/refusal_times.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace kommpass::directory {

void refusal_times::observed(duration took) {
    const std::lock_guard lock(mutex_);
    last_[next_] = took;
    next_ = (next_ + 1) % most;
    known_ = std::min(known_ + 1, most);
}

void refusal_times::silent() {
    const std::lock_guard lock(mutex_);
    silent_ = true;
}

void refusal_times::answered() {
    const std::lock_guard lock(mutex_);
    silent_ = false;
}

bool refusal_times::is_silent() const {
    const std::lock_guard lock(mutex_);
    return silent_;
}

// A quarter more than nine of ten take: a server that has become a little slower still keeps to it.
refusal_times::duration refusal_times::least() const {
    const std::lock_guard lock(mutex_);
    if (known_ == 0) return before_many;
    auto sorted = last_;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(known_);
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>((known_ * 9 + 9) / 10 - 1);
    std::nth_element(sorted.begin(), at, end);
    const auto ample = *at + *at / 4;
    return known_ < few ? std::max(ample, before_many) : ample;
}

refusal_times::duration refusal_times::one_of(randomness& random) const {
    std::uint64_t number = 0;
    random.fill(std::as_writable_bytes(std::span(&number, 1)));
    const std::lock_guard lock(mutex_);
    return known_ == 0 ? before_many : last_[number % known_];
}

}  // namespace kommpass::directory
