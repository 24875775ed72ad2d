#pragma once

#include "idp/admin/workplace.hpp"
#include "idp/http/message.hpp"
#include "idp/provider.hpp"

namespace kommpass::idp::admin {

// What operations work with inside the running service.
[[nodiscard]] workplace workplace_of(provider&);
[[nodiscard]] workplace workplace_of(provider&, const http::request&);

}  // namespace kommpass::idp::admin
