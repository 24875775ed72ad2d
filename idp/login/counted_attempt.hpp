#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "directory/attempt_gate.hpp"
#include "idp/login/known_browser.hpp"

#include <chrono>
#include <string>

namespace kommpass::idp::http {
struct request;
}

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::login {

class throttle;

// One typed password, as guessing is counted: for the person whose entry the directory found, or
// for one form of a name that is nobody's; from a browser that knows the person, for that browser
// alone. Lives for one attempt; an attempt of which nothing is told counts for nothing.
class counted_attempt final : public directory::attempt_gate {
public:
    counted_attempt(throttle&, const jose::key_ring&, const http::request&, member_slug);
    ~counted_attempt() override;
    counted_attempt(const counted_attempt&) = delete;
    counted_attempt& operator=(const counted_attempt&) = delete;

    // Refused before any directory is asked, since too much was guessed from this address. False if
    // the browser knows somebody: then it depends on whom it is about.
    [[nodiscard]] bool is_from_slowed_address();
    [[nodiscard]] verdict admit(const std::string& account) override;
    // Not zero: it was refused here, and must wait so long.
    [[nodiscard]] std::chrono::milliseconds wait() const noexcept { return wait_; }

    void succeeded();
    void failed();

private:
    throttle& throttle_;
    const jose::key_ring& keys_;
    const http::request& request_;
    member_slug member_;
    known_browser browser_;
    std::string account_;  // empty: nothing is counted yet
    bool is_known_ = false;
    std::chrono::milliseconds wait_{0};
};

}  // namespace kommpass::idp::login
