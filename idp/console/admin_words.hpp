#pragma once

// The console speaks of actors, operations, answers and refusals as `admin/` does.
namespace kommpass::idp::admin {}
namespace kommpass::idp::console {
using namespace admin;
}
