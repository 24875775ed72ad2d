#pragma once

#include "config/vocabulary/live.hpp"

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::policies {
class snapshot;
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
namespace kommpass::idp::oauth {
class live_tokens;
class missing_role_help;
}  // namespace kommpass::idp::oauth
namespace kommpass::idp::sessions {
class current_identities;
class single_sign_on;
}  // namespace kommpass::idp::sessions
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::gateway {

// What the room works with. All of one I/O thread; outlives it.
struct gateway_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    const live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    audit::recorder& recorder;
    sessions::current_identities& identities;
    sessions::single_sign_on& sso;
    oauth::live_tokens& tokens;
    const login::sign_in_pages& pages;
    const oauth::missing_role_help& missing_role;
};

}  // namespace kommpass::idp::gateway
