#pragma once

#include "idp/store/postgresql/address.hpp"
#include "idp/store/postgresql/connection.hpp"

#include <string>

namespace kommpass::idp::store::postgresql {

// Whether a pooler between us and the server hands a connection to others between transactions
// (pgbouncer's `pool_mode = transaction` or `statement`): prepared statements and settings of a
// session do not hold there. Empty: no; otherwise the sentence for the operator. `on` is open.
[[nodiscard]] std::string objection_to_pooler(connection& on, const address&, deadlines);

}  // namespace kommpass::idp::store::postgresql
