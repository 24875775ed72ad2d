#pragma once

#include "config/vocabulary/randomness.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>

namespace kommpass::directory {

// How long a directory took of late to find that a password is wrong. A refusal for which it was
// not asked (there is no such person) or to which it came without looking at the password (the
// account is locked) is given after a time of the same kind, so that time tells nobody who exists.
//
// `least` is what nearly all real ones keep to (a quarter more than nine of ten take), and no
// refusal is given sooner; `one_of` is drawn from them, for the few that take longer. Bounded: the
// last 64. Thread-safe.
class refusal_times {
public:
    using duration = std::chrono::nanoseconds;
    static constexpr std::size_t most = 64;
    static constexpr std::size_t few = 8;
    // While only a few are known: longer than a slow password hash.
    static constexpr duration before_many = std::chrono::milliseconds(250);

    // The directory looked at a password and found it wrong.
    void observed(duration took);
    // It did not answer; what it is not asked is answered no better until it is back.
    void silent();
    void answered();
    [[nodiscard]] bool is_silent() const;

    [[nodiscard]] duration least() const;
    [[nodiscard]] duration one_of(randomness&) const;

private:
    mutable std::mutex mutex_;
    std::array<duration, most> last_{};
    std::size_t known_ = 0;
    std::size_t next_ = 0;
    bool silent_ = false;
};

}  // namespace kommpass::directory
