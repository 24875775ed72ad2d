#pragma once

#include "config/vocabulary/live.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace kommpass::directory {

// That a server refuses the service account, or that the settings cannot work with it: known to all
// threads, so that none asks again what another was refused just now (it would lock the account),
// and all know at once when it is mended. Thread-safe, without locks.
class standing_refusal {
public:
    using steady_time = std::chrono::steady_clock::time_point;
    struct refusal {
        std::string detail;
        steady_time since;
        steady_time until;
        std::chrono::seconds wait;  // from the last answer to `until`
        // What it was refused with: of other settings, or a file that has changed, nothing is
        // known.
        std::uint64_t tried_with = 0;
    };

    // Null if nothing is refused.
    [[nodiscard]] std::shared_ptr<const refusal> known() const noexcept { return refused_.get(); }
    // Asked again a few seconds later, by one for all; with each refusal the wait doubles, since
    // the server may count them, up to a minute.
    void refuse(std::string detail, std::uint64_t tried_with, steady_time now) noexcept;
    void lift() noexcept { refused_.replace(nullptr); }

    // Lets one find out whether it still holds, once it is old; false: somebody does so already.
    [[nodiscard]] bool begin_to_find_out() noexcept { return !finding_out_.exchange(true); }
    void found_out() noexcept { finding_out_ = false; }

private:
    live<refusal> refused_{nullptr};
    std::atomic<bool> finding_out_{false};
};

}  // namespace kommpass::directory
