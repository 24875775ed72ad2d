#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace kommpass::directory {

// Time as it passes while somebody is kept waiting on purpose. Thread-safe.
class pace {
public:
    using time_point = std::chrono::steady_clock::time_point;
    virtual ~pace() = default;
    [[nodiscard]] virtual time_point now() const noexcept = 0;
    // Suspends the coroutine that asks; no thread waits.
    [[nodiscard]] virtual boost::asio::awaitable<void> until(time_point) = 0;
};

class real_pace final : public pace {
public:
    [[nodiscard]] time_point now() const noexcept override;
    [[nodiscard]] boost::asio::awaitable<void> until(time_point) override;
};

}  // namespace kommpass::directory
