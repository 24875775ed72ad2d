#pragma once

#include "idp/api/call.hpp"

#include <boost/json/object.hpp>

namespace kommpass::idp::api {

// The ways from an operation's good answer to the next operations, as OpenAPI Link Objects by
// name; empty: it leads nowhere.
[[nodiscard]] boost::json::object links_from(const endpoint&);

}  // namespace kommpass::idp::api
