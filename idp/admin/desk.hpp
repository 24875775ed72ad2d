#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/tasks/worker_thread.hpp"
#include "policies/evaluation.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace kommpass::idp::admin {

// Incompatible roles that persons hold now, as the last look at the directories found them.
struct standing_conflict {
    member_slug member;
    person_id person;  // empty for somebody who never signed in
    std::string display_name;
    policies::conflict conflict;
};
struct standing_conflicts {
    instant looked_at{};  // 1970: not yet
    std::vector<standing_conflict> all;
    std::vector<member_slug> silent;  // whose directory did not answer
};

// Sign-ins by day and outcome, the last days of each member; counted from the audit log.
struct sign_in_count {
    long long good = 0;
    long long refused = 0;
};
class sign_in_counts {
public:
    static constexpr int days = 14;
    // Takes the next records; `read_up_to` says where to go on.
    void take(long long sequence, const std::string& event, const member_slug&, instant at);
    [[nodiscard]] long long read_up_to() const;
    // The last `days` days, oldest first. `visible` says whose count.
    [[nodiscard]] std::vector<std::pair<day, sign_in_count>> last_days(
        day today, const std::function<bool(const member_slug&)>& visible) const;

private:
    mutable std::mutex mutex_;
    long long read_up_to_ = 0;
    std::map<std::pair<day, member_slug>, sign_in_count> counts_;
};

// Who can give roles at a member, or releases them, for people who lack one: as the last look at
// the directories found them.
struct role_manager {
    std::string name;
    std::string mail;
    bool gives = true;      // administers the member, or its roles
    bool releases = false;  // what others asked for
    bool central = false;   // administers the association
};
using role_managers = std::map<member_slug, std::vector<role_manager>>;

// A directory server's certificate that ends within 30 days, or has ended.
struct expiring_certificate {
    member_slug member;
    std::string url;
    std::string until;  // "2026-12-01"
    bool expired = false;
};
using expiring_certificates = std::vector<expiring_certificate>;

// How often each did something today; begins anew with the day. Thread-safe.
class daily_count {
public:
    // False if they did it `most` times already.
    [[nodiscard]] bool take(const std::string& who, day today, unsigned most);

private:
    std::mutex mutex_;
    day today_{};
    std::unordered_map<std::string, unsigned> counts_;
};

// What the console of one process shares over all its threads. Thread-safe.
struct desk {
    desk(randomness& random, const clock& time)
        : running(random, time),
          conflicts(std::make_shared<const standing_conflicts>()),
          managers(std::make_shared<const role_managers>()),
          certificates(std::make_shared<const expiring_certificates>()) {}
    jobs running;
    live<standing_conflicts> conflicts;
    live<role_managers> managers;
    live<expiring_certificates> certificates;  // as the last look found them
    sign_in_counts sign_ins;
    daily_count role_requests;
    std::function<void()> registry_changed;         // set before the threads start
    std::atomic<instant> mail_again_at{instant()};  // not before; far off while letters are sent
    std::atomic<bool> stopping{false};  // letters that were not sent yet wait for the next start
    // The last: they end before what their work refers to.
    tasks::worker_thread mailing;    // waits for the mail server
    tasks::worker_thread blocking;   // waits for directories
    tasks::worker_thread computing;  // waits for nothing
};

}  // namespace kommpass::idp::admin
