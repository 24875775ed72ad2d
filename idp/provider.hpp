#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/randomness.hpp"
#include "directory/sign_in.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/store.hpp"
#include "policies/snapshot.hpp"

namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::login {
class throttle;
}
namespace kommpass::idp::admin {
struct desk;
}

namespace kommpass::idp {

// What the endpoints work with, named once: one for each I/O thread. Refers to parts that main owns
// and that outlive it. All parts are thread-safe but `directories`, `recorder`, `identities` and
// `sso`, which belong to the thread.
struct provider {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    directory::member_directories& directories;
    audit::recorder& recorder;
    sessions::current_identities& identities;
    sessions::single_sign_on& sso;
    login::throttle& throttle;
    observe::log& log;
    admin::desk& desk;
};

}  // namespace kommpass::idp
