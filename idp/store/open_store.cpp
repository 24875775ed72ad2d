#include "idp/store/open_store.hpp"

#include "idp/store/postgresql_store.hpp"
#include "idp/store/sqlite_look.hpp"
#include "idp/store/sqlite_store.hpp"

#include <utility>

namespace kommpass::idp::store {

result<std::unique_ptr<store>, std::string> open_store(const store_place& place,
                                                       open_options options) {
    if (place.url.empty()) {
        sqlite_options its;
        its.waiting_bound = options.waiting_bound;
        its.report = std::move(options.report);
        its.writing = std::move(options.writing);
        its.reading = std::move(options.reading);
        return open_sqlite_store(place.file, std::move(its));
    }
    postgresql_options its;
    its.waiting_bound = options.waiting_bound;
    its.write_lanes = place.write_connections;
    its.read_lanes = place.read_connections;
    its.report = std::move(options.report);
    its.writing = std::move(options.writing);
    its.reading = std::move(options.reading);
    its.noticed = std::move(options.noticed);
    return open_postgresql_store(place.url, std::move(its));
}

result<store_look, std::string> look_at_store(const store_place& place) {
    using answer = result<store_look, std::string>;
    if (!place.url.empty()) return look_at_postgresql_store(place.url);
    auto found = look_at_sqlite_store(place.file);
    if (!found) return answer(found.error());
    return answer(
        store_look{found->begins_anew, found->revision, std::move(found->documents_json), {}});
}

}  // namespace kommpass::idp::store
