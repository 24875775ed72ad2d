#pragma once

#include <chrono>

namespace kommpass {

// A moment of civil time (UTC), in milliseconds. What protocols, sessions and records speak of.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

// Where the service learns what time it is. Tests turn their own (tests/support/turned_clock.hpp).
// Deadlines of I/O do not use it: they are Asio steady timers.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual instant now() const noexcept = 0;
};

class system_clock final : public clock {
public:
    [[nodiscard]] instant now() const noexcept override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

[[nodiscard]] constexpr long long to_unix_seconds(instant at) noexcept {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}
[[nodiscard]] constexpr instant from_unix_seconds(long long seconds) noexcept {
    return instant{std::chrono::seconds{seconds}};
}

}  // namespace kommpass
