#pragma once

#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

namespace kommpass {
class clock;
}
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::login {
class sign_in_pages;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::account {

// What every page of the account works with. All of one I/O thread; outlives the endpoints.
struct account_parts {
    const config::settings& settings;
    const clock& time;
    store::store& memory;
    const live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    sessions::single_sign_on& sso;
    audit::recorder& recorder;
    const login::sign_in_pages& pages;
};

}  // namespace kommpass::idp::account
