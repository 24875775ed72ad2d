#pragma once

#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

#include <functional>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::admin {
struct process_state;
}
namespace kommpass::idp::audit {
class unproven_records;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::login {
class throttle;
}
namespace kommpass::idp::oauth {
class client_authorities;
class client_keys;
class request_references;
}  // namespace kommpass::idp::oauth
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
class outages;
class store;
}  // namespace kommpass::idp::store

namespace kommpass::idp::service {

// The parts that all I/O threads share; all thread-safe, all outlive the threads. Only the wiring
// sees them together: whatever is wired names what it needs.
struct shared_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    login::throttle& throttle;
    audit::unproven_records& unproven;
    observe::log& log;
    admin::process_state& state;
    oauth::client_keys& client_keys;
    oauth::request_references& request_references;
    const oauth::client_authorities& authorities;
    const store::outages& outages;
    std::function<void()> registry_changed;  // tells the rest of the process; may be empty
};

}  // namespace kommpass::idp::service
