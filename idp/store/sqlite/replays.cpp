#include "idp/store/sqlite/replays.hpp"

namespace kommpass::idp::store::sqlite {

replays::replays(connection& on)
    : insert_(on, "INSERT INTO replay VALUES (?,?,?) ON CONFLICT DO NOTHING") {}

bool replays::first_use(std::string_view scope, std::string_view id, instant forget_after) {
    return insert_.run(scope, id, forget_after) > 0;
}

}  // namespace kommpass::idp::store::sqlite
