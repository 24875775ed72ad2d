#pragma once

#include "idp/oauth/live_tokens.hpp"
#include "idp/oauth/possession.hpp"

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::sessions {
class current_identities;
}

namespace kommpass::idp::api {

// What the API works with. All of one I/O thread; outlives the endpoint.
struct api_parts {
    const admin::operation_services& operations;
    oauth::live_tokens& tokens;
    const oauth::possession_checks& possession;
    sessions::current_identities& identities;
};

}  // namespace kommpass::idp::api
