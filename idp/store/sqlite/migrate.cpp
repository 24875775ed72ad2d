#include "idp/store/sqlite/migrate.hpp"

#include "idp/store/sql/statement.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kommpass::idp::store::sqlite {
namespace {

// SQLite itself would make the file readable for all; its companions (-wal, -shm) take its mode.
// A new file's name is made durable too. Gives errno.
int make_private_file(const std::filesystem::path& file) {
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0 && errno == EEXIST) return ::access(file.c_str(), R_OK | W_OK) == 0 ? 0 : errno;
    if (made < 0) return errno;
    ::close(made);
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const int names = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (names < 0) return errno;
    const int error = ::fsync(names) == 0 ? 0 : errno;
    ::close(names);
    return error;
}

long long schema_version(connection& on) {
    const bool any = on.integer(
                         "SELECT count(*) FROM sqlite_master"
                         " WHERE name = 'schema_version'") > 0;
    return any ? on.integer("SELECT coalesce(max(number), 0) FROM schema_version") : 0;
}

void apply(connection& on, std::span<const migration> migrations) {
    on.execute("BEGIN IMMEDIATE");
    // Another process may have migrated while this one waited for the lock.
    const auto found = schema_version(on);
    if (found == 0) {
        on.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
        on.execute(
            "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY,"
            " name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
    }
    sql::statement note(on, "INSERT INTO schema_version VALUES (?, ?, unixepoch() * 1000)");
    for (const auto& one : migrations) {
        if (one.number <= found) continue;
        on.execute(one.sql);
        note.run(one.number, std::string_view(one.name));
    }
    on.execute("COMMIT");
}

}  // namespace

std::string objection(connection& on, long long newest) {
    const auto id = on.integer("PRAGMA application_id");
    const bool empty = on.integer("SELECT count(*) FROM sqlite_master") == 0;
    if (id != application_id && !(id == 0 && empty))
        return "is the SQLite file of another program; name another file in [store] url";
    const auto found = schema_version(on);
    if (found > newest)
        return "was written by a newer Kommpass (schema " + std::to_string(found) +
               ", this program knows up to " + std::to_string(newest) +
               "); start that version or restore a backup";
    return {};
}

result<void, std::string> prepare_file(const std::filesystem::path& file,
                                       std::chrono::milliseconds busy_timeout,
                                       std::span<const migration> migrations) {
    const std::string name = "the store " + file.string() + " ";
    if (const int error = make_private_file(file); error != 0)
        return name + "cannot be opened: " + std::strerror(error);
    try {
        connection on(file, busy_timeout);
        const auto newest = migrations.back().number;
        if (auto refused = objection(on, newest); !refused.empty()) return name + refused;
        on.execute("PRAGMA journal_mode = WAL");
        on.execute("PRAGMA synchronous = FULL");
        if (schema_version(on) < newest) apply(on, migrations);
        return {};
    } catch (const std::exception& failure) {
        return name + "cannot be used: " + failure.what();
    }
}

}  // namespace kommpass::idp::store::sqlite
