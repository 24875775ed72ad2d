#include "tests/contract/store/engines.hpp"

#include "idp/store/postgresql_store.hpp"
#include "idp/store/sqlite_store.hpp"
#include "tests/support/postgresql_server.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace kommpass::tests {
namespace {

std::filesystem::path new_folder() {
    auto name = (std::filesystem::temp_directory_path() / "kommpass-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
    return name;
}

std::shared_ptr<idp::store::store> open_sqlite(engine_limits limits) {
    const auto folder = new_folder();
    auto opened =
        idp::store::open_sqlite_store(folder / "store.db", {.waiting_bound = limits.waiting_bound,
                                                            .largest_batch = limits.largest_batch,
                                                            .report = {}});
    if (!opened) throw std::runtime_error(opened.error());
    return {opened->release(), [folder](idp::store::store* memory) {
                delete memory;
                std::filesystem::remove_all(folder);
            }};
}

// One server for the whole suite; a database for each test.
postgresql_server& server() {
    static postgresql_server one;
    return one;
}

std::shared_ptr<idp::store::store> open_postgresql(engine_limits limits) {
    auto opened = idp::store::open_postgresql_store(
        server().new_database(),
        {.waiting_bound = limits.waiting_bound, .largest_batch = limits.largest_batch});
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
}

}  // namespace

const std::vector<engine>& engines() {
    static const std::vector<engine> all{{"SQLite", open_sqlite}, {"PostgreSQL", open_postgresql}};
    return all;
}

}  // namespace kommpass::tests
