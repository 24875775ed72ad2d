#include "idp/store/sql/replays.hpp"

namespace kommpass::idp::store::sql {

replays::replays(database& on)
    : insert_(on, "INSERT INTO replay VALUES (?,?,?) ON CONFLICT DO NOTHING") {}

bool replays::first_use(std::string_view scope, std::string_view id, instant forget_after) {
    return insert_.run(scope, id, forget_after) > 0;
}

}  // namespace kommpass::idp::store::sql
