#pragma once

#include "idp/console/console_request.hpp"

#include <chrono>

namespace kommpass::idp::console {

// Badge and words for how a member's directory stands. `silent`: for how long it has not answered.
void put_state(const console_request&, web::page_data&, bool active, std::chrono::seconds silent);

}  // namespace kommpass::idp::console
