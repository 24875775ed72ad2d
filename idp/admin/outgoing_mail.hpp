#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/tasks/worker_thread.hpp"

#include <atomic>

namespace kommpass::idp::admin {

// Where the sending of letters stands in this process. Thread-safe.
struct outgoing_mail {
    std::atomic<instant> again_at{instant()};  // not before; far off while letters are sent
    std::atomic<bool> stopping{false};  // letters that were not sent yet wait for the next start
    tasks::worker_thread sending;       // waits for the mail server
};

}  // namespace kommpass::idp::admin
