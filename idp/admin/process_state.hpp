#pragma once

#include "idp/admin/daily_count.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/outgoing_mail.hpp"
#include "idp/admin/sign_in_counts.hpp"
#include "idp/admin/under_way.hpp"
#include "idp/tasks/fair_workers.hpp"

namespace kommpass::idp::admin {

// What administration keeps in this process alone, made once and shared by all threads: who needs a
// part of it is given that part. docs/contributor/process-state.md says what becomes of each on
// several nodes. Thread-safe.
struct process_state {
    process_state(randomness& random, const clock& time) : running(random, time) {}

    // Ends the work that waits or runs, before what it refers to ends.
    void stop() {
        mail.stopping = true;
        computing.stop();
        blocking.stop();
        upkeep.stop();
        mail.sending.stop();
    }

    jobs running;
    directory_findings found;
    sign_in_counts sign_ins;
    daily_count role_requests;
    under_way requests;
    outgoing_mail mail;
    // The last: they end before what their work refers to.
    tasks::fair_workers blocking{4};   // waits for directories
    tasks::fair_workers upkeep{1};     // the association's: keys and audit log
    tasks::fair_workers computing{1};  // waits for nothing
};

}  // namespace kommpass::idp::admin
