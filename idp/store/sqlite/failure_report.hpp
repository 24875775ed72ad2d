#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace kommpass::idp::store::sqlite {

// Tells of failures, but not a thousand times a second of the same one. For one thread.
class failure_report {
public:
    explicit failure_report(std::function<void(const std::string&)> tell)
        : tell_(std::move(tell)) {}

    void operator()(const std::string& text) {
        const auto now = std::chrono::steady_clock::now();
        if (!tell_ || (text == last_ && now < quiet_until_)) return;
        last_ = text;
        quiet_until_ = now + std::chrono::seconds(1);
        tell_(text);
    }

private:
    std::function<void(const std::string&)> tell_;
    std::string last_;
    std::chrono::steady_clock::time_point quiet_until_;
};

}  // namespace kommpass::idp::store::sqlite
