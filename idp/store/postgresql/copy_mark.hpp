#pragma once

#include <string>

namespace kommpass::idp::store::postgresql {

class connection;

// The table in which `store copy` (../copy_store.hpp) keeps how far it is, in its target. It goes
// when everything was compared.
constexpr const char* copy_mark_table = "store_copy";

// What stands against using a database into which a copy was begun and not finished; empty:
// nothing does.
[[nodiscard]] std::string objection_to_copy(connection&);

}  // namespace kommpass::idp::store::postgresql
