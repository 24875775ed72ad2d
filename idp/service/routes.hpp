#pragma once

#include "idp/http/router.hpp"
#include "idp/provider.hpp"

#include <functional>

namespace kommpass::idp::service {

// Every address of the service, in one table. `provider` outlives the router.
void add_routes(http::router&, provider&);

// /healthz: the process answers. /readyz: `is_ready` says whether sign-ins can be served (registry
// and store are there).
void add_health_routes(http::router&, std::function<bool()> is_ready);

// The page for what no route or parser accepts: 400, 404, 405, 413, 431, 500 and the like.
[[nodiscard]] http::response error_answer(const config::settings&, const http::request&,
                                          unsigned status);

}  // namespace kommpass::idp::service
