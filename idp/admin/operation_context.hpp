#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kommpass {
class randomness;
}
namespace kommpass::config {
struct settings;
}
namespace kommpass::directory {
class member_directories;
}
namespace kommpass::idp::audit {
enum class event;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
class store;
struct audit_record;
}  // namespace kommpass::idp::store
namespace kommpass::idp::tasks {
class fair_workers;
}

namespace kommpass::idp::admin {

class actor;
class daily_count;
struct directory_findings;
class jobs;
class sign_in_counts;
class under_way;

// What operations work with: one set for each I/O thread or command. Refers to parts that outlive
// it; all are thread-safe but `directories`.
struct operation_services {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    directory::member_directories& directories;
    observe::log& log;
    jobs& running;
    directory_findings& found;
    sign_in_counts& sign_ins;
    daily_count& role_requests;
    under_way& requests;
    tasks::fair_workers& computing;          // for what takes long and does not wait
    tasks::fair_workers& blocking;           // for what waits for directories
    tasks::fair_workers& upkeep;             // for keys and audit log as a whole
    std::function<void()> registry_changed;  // tells the rest of the process; may be empty
};

// The same for one request or one command. Its coroutines run on the thread of `directories`.
struct operation_context : operation_services {
    std::string request{};  // id, for the audit log
    std::string address{};
    // The member whose administrator asks, for a fair turn at the workers; empty: the association's
    // machine.
    std::string whose{};

    [[nodiscard]] day today() const { return local_day_of(time.now()); }
};

// Notes that somebody asked for what is not theirs, or is not there: whoever answers a face calls
// it for each such answer, so that no operation can forget it. `what`: the kind of thing, never
// whose.
[[nodiscard]] boost::asio::awaitable<void> note_refused(operation_context&, const actor&,
                                                        std::string_view code, std::string what);

// A record of now; who asks stands in its detail as "who", besides `fields`.
[[nodiscard]] store::audit_record record_of(
    const operation_context&, const std::string& actor, audit::event, std::string_view result,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

}  // namespace kommpass::idp::admin
