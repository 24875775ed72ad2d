#pragma once

// The API speaks of actors, operations, answers and refusals as `admin/` does.
namespace kommpass::idp::admin {}
namespace kommpass::idp::api {
using namespace admin;
}
