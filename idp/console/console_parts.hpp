#pragma once

#include "idp/admin/operation_context.hpp"
#include "idp/http/router.hpp"

namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::console {

// What the console works with. All of one I/O thread; outlives its endpoints.
struct console_parts {
    const admin::operation_services& operations;
    sessions::single_sign_on& sso;
    audit::recorder& recorder;
    http::handler token_endpoint;  // redeems the console's own codes
};

}  // namespace kommpass::idp::console
