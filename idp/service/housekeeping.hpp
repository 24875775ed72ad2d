#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/retention.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/observe/log.hpp"
#include "idp/store/store.hpp"
#include "policies/snapshot.hpp"

#include <filesystem>
#include <functional>

namespace kommpass::idp::service {

// What has to be done as time goes by, and nobody asks for: takes new revisions and key files that
// a command made, rotates keys when it is time, deletes what has expired. Blocks now and then: for
// the main thread.
class housekeeping {
public:
    housekeeping(const config::settings&, const clock&, randomness&, store::store&,
                 live<policies::snapshot>&, live<jose::key_ring>&, observe::log&,
                 std::function<void()> registry_changed);

    // About once a second.
    void tick();
    // Takes the newest revision and the key file now.
    void reload();

private:
    void take_registry();
    void take_keys_if_changed();
    void rotate_keys_if_due();
    void sweep();
    void sign_audit_log();
    void empty_old_records();

    const config::settings& settings_;
    const clock& time_;
    randomness& random_;
    store::store& memory_;
    live<policies::snapshot>& registry_;
    live<jose::key_ring>& keys_;
    observe::log& log_;
    std::function<void()> registry_changed_;
    std::filesystem::file_time_type keys_written_{};
    instant swept_at_{};
    instant audit_signed_at_{};
    audit::retention retention_;
    instant emptied_at_{};
    instant rotation_looked_at_{};
};

}  // namespace kommpass::idp::service
