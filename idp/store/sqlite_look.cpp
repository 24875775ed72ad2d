#include "idp/store/sqlite_look.hpp"

#include "idp/store/sql/revisions.hpp"
#include "idp/store/sql/statement.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/sqlite/migrate.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kommpass::idp::store {
namespace {

namespace fs = std::filesystem;

void read_newest(sqlite::connection& on, sqlite_look& into) {
    if (on.integer("SELECT count(*) FROM sqlite_master WHERE name = 'registry_revision'") == 0)
        return;
    // Since schema 6 a revision keeps what differs from the one before it.
    if (on.integer("SELECT count(*) FROM pragma_table_info('registry_revision')"
                   " WHERE name = 'is_whole'") > 0) {
        auto newest = sql::revisions(on).latest();
        if (!newest) return;
        into.revision = newest->number;
        into.documents_json = std::move(newest->documents_json);
        return;
    }
    sql::statement newest(on,
                          "SELECT number, documents_json FROM registry_revision"
                          " ORDER BY number DESC LIMIT 1");
    auto answer = newest.query();
    if (answer.next()) answer.read(into.revision, into.documents_json);
}

}  // namespace

result<sqlite_look, std::string> look_at_sqlite_store(const fs::path& file) {
    using answer = result<sqlite_look, std::string>;
    const std::string name = "the store " + file.string() + " ";
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error == std::errc::no_such_file_or_directory || (!error && size == 0)) {
        const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
        if (::access(folder.c_str(), W_OK | X_OK) == 0) return answer(sqlite_look{});
        return answer(name + "cannot be made: " + folder.string() + ": " + std::strerror(errno));
    }
    if (error) return answer(name + "cannot be opened: " + error.message());
    if (::access(file.c_str(), R_OK | W_OK) != 0)
        return answer(name + "cannot be opened: " + std::strerror(errno));
    try {
        sqlite::connection on(file, sqlite::look_only{});
        if (auto refused = sqlite::objection(on, sqlite::known_migrations().back().number);
            !refused.empty())
            return answer(name + refused);
        sqlite_look found;
        found.begins_anew = false;
        read_newest(on, found);
        return answer(std::move(found));
    } catch (const std::exception& failure) {
        return answer(name + "cannot be used: " + failure.what());
    }
}

}  // namespace kommpass::idp::store
