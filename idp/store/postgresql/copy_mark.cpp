#include "idp/store/postgresql/copy_mark.hpp"

#include "idp/store/postgresql/connection.hpp"

namespace kommpass::idp::store::postgresql {

std::string objection_to_copy(connection& on) {
    const auto found = on.ask("SELECT to_regclass('store_copy') IS NOT NULL");
    if (found.integer(0, 0) == 0) return {};
    return "is the target of a copy that has not come to its end; run `kommpass store copy` again";
}

}  // namespace kommpass::idp::store::postgresql
