#pragma once

#include "config/settings.hpp"
#include "idp/jose/key_ring.hpp"

#include <boost/json/object.hpp>

namespace kommpass::idp::admin {

// The signing keys and their dates: `{"keys": [{"kid", "algorithm", "state", "signs_since",
// "published_until"}], "rotation_due", "published_after_rotation_days"}`.
[[nodiscard]] boost::json::object keys_json(const jose::key_ring&, const config::settings&);

}  // namespace kommpass::idp::admin
