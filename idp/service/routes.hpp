#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/http/router.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::service {

// What is answered without waiting: metadata, keys, static files, and the page for what no route
// matches. What is given outlives the router.
void add_fixed_answers(http::router&, const config::settings&, const live<jose::key_ring>&);

// /healthz: the process answers. /readyz: whether sign-ins can be served; `why_not` names what
// stands against it ("registry", "store", "clock"), or nothing.
void add_health_routes(http::router&, std::function<std::vector<std::string_view>()> why_not);

// The page for what no route or parser accepts: 400, 404, 405, 413, 431, 500 and the like.
[[nodiscard]] http::response error_answer(const config::settings&, const http::request&,
                                          unsigned status);

}  // namespace kommpass::idp::service
