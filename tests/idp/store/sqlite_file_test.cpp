#include "idp/store/audit_log.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/sqlite/migrate.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/store/store_folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <iterator>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using idp::store::store;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

bool contains(const std::string& whole, const std::string& part) {
    return whole.find(part) != std::string::npos;
}

void put_session(store& memory, const std::string& id, const std::string& identity_json) {
    session s;
    s.id = id;
    s.identity_json = identity_json;
    REQUIRE(memory.write_now([&](transaction& t) { t.sessions().put(s); }));
}

}  // namespace

TEST_CASE("a new store is a file for its owner only, marked as ours, with a write-ahead log") {
    const store_folder folder;
    const auto memory = folder.open();

    for (const auto* end : {"", "-wal", "-shm"}) {
        const auto mode = std::filesystem::status(folder.file().string() + end).permissions();
        CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
    CHECK(folder.sql("PRAGMA application_id") == std::to_string(sqlite::application_id));
    CHECK(folder.sql("PRAGMA journal_mode") == "wal");
}

TEST_CASE("what was written is there after a restart, and migrations are not applied again") {
    const store_folder folder;
    {
        const auto memory = folder.open();
        put_session(*memory, "s1", "{}");
    }
    const auto memory = folder.open();

    CHECK(memory->read_now([](transaction& t) { CHECK(t.sessions().find("s1")); }));
    CHECK(folder.sql("SELECT count(*) FROM schema_version") ==
          std::to_string(sqlite::known_migrations().size()));
}

TEST_CASE("migrations are numbered from 1 without a gap") {
    long long expected = 0;
    for (const auto& one : sqlite::known_migrations()) CHECK(one.number == ++expected);
    CHECK(expected >= 1);
}

TEST_CASE("an older schema is brought up to date and keeps its data") {
    const store_folder folder;
    const std::array steps{
        sqlite::migration{1, "0001_one", "CREATE TABLE a (x); INSERT INTO a VALUES (7);"},
        sqlite::migration{2, "0002_two", "ALTER TABLE a ADD COLUMN y DEFAULT 8;"}};
    REQUIRE(sqlite::prepare_file(folder.file(), 1s, std::span(steps).first(1)));

    REQUIRE(sqlite::prepare_file(folder.file(), 1s, steps));

    CHECK(folder.sql("SELECT x + y FROM a") == "15");
    CHECK(folder.sql("SELECT max(number) FROM schema_version") == "2");
}

TEST_CASE("a migration that fails leaves the schema as it was") {
    const store_folder folder;
    const std::array steps{
        sqlite::migration{1, "0001_one", "CREATE TABLE a (x);"},
        sqlite::migration{2, "0002_two", "CREATE TABLE b (x);"},
        sqlite::migration{3, "0003_wrong", "CREATE TABLE c (x); CREATE TABLE a (x);"}};
    REQUIRE(sqlite::prepare_file(folder.file(), 1s, std::span(steps).first(1)));

    const auto failed = sqlite::prepare_file(folder.file(), 1s, steps);

    REQUIRE_FALSE(failed);
    CHECK(contains(failed.error(), folder.file().string()));
    CHECK(folder.sql("SELECT count(*) FROM sqlite_master WHERE name IN ('b', 'c')") == "0");
    CHECK(folder.sql("SELECT max(number) FROM schema_version") == "1");
}

TEST_CASE("a newer Kommpass's file is refused, with both versions named, and not touched") {
    const store_folder folder;
    (void)folder.open();
    folder.sql("INSERT INTO schema_version VALUES (4711, '4711_future', 0)");
    folder.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto before = bytes_of(folder.file());

    const auto opened = open_sqlite_store(folder.file());

    REQUIRE_FALSE(opened);
    CHECK(contains(opened.error(), "newer Kommpass (schema 4711"));
    CHECK(contains(opened.error(), folder.file().string()));
    CHECK(bytes_of(folder.file()) == before);
}

TEST_CASE("another program's SQLite file is refused and not touched") {
    const store_folder folder;
    folder.sql("CREATE TABLE bookmarks (url)");
    const auto before = bytes_of(folder.file());

    const auto opened = open_sqlite_store(folder.file());

    REQUIRE_FALSE(opened);
    CHECK(contains(opened.error(), "another program"));
    CHECK(bytes_of(folder.file()) == before);
}

TEST_CASE("a file that is no database is refused and not touched") {
    const store_folder folder;
    const std::string letter = "Sehr geehrte Damen und Herren, " + std::string(5'000, '.');
    write_file(folder.file(), letter);

    const auto opened = open_sqlite_store(folder.file());

    REQUIRE_FALSE(opened);
    CHECK(contains(opened.error(), "not a database"));
    CHECK(bytes_of(folder.file()) == letter);
}

TEST_CASE("a path that cannot be opened is named with the reason") {
    const store_folder folder;
    const auto nowhere = folder.file().parent_path() / "no" / "folder.db";

    const auto opened = open_sqlite_store(nowhere);

    REQUIRE_FALSE(opened);
    CHECK(contains(opened.error(), nowhere.string()));
    CHECK(contains(opened.error(), "No such file or directory"));
}

TEST_CASE("a revision applied by another process is seen by the running server") {
    const store_folder folder;
    const auto server = folder.open();
    const auto command_line = folder.open();
    long long number = -1;
    const auto look = [&](transaction& t) { number = t.revisions().latest_number(); };
    REQUIRE(server->read_now(look));
    REQUIRE(number == 0);

    CHECK(command_line->write_now(
        [](transaction& t) { CHECK(t.revisions().append(0, registry_revision{}) == 1); }));

    REQUIRE(server->read_now(look));
    CHECK(number == 1);
}

TEST_CASE("a lock that another process never lets go costs an error, and no later write") {
    const store_folder folder;
    const auto memory = folder.open({.busy_timeout = 5ms});
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    const auto append = [](transaction& t) { t.audit().append({}); };

    const auto blocked = memory->write_now(append);
    sqlite3_close(other);

    CHECK(blocked.error() == store_error::unavailable);
    CHECK(memory->write_now(append));
    CHECK(folder.sql("SELECT count(*) FROM audit") == "1");
}

TEST_CASE("what was deleted is not left behind in the file") {
    const store_folder folder;
    const std::string name = "Wjelemir Mudroch";
    {
        const auto memory = folder.open();
        put_session(*memory, "keeps the page in use", "{}");
        put_session(*memory, "s1", name);
        put_session(*memory, "s2", name + std::string(20'000, 'x') + name);  // on several pages
    }
    REQUIRE(contains(bytes_of(folder.file()), name));
    {
        const auto memory = folder.open();
        REQUIRE(memory->write_now([](transaction& t) {
            CHECK(t.sessions().end("s1"));
            CHECK(t.sessions().end("s2"));
        }));
    }

    CHECK_FALSE(contains(bytes_of(folder.file()), name));
}

TEST_CASE("the log does not grow without end while writes go on") {
    const store_folder folder;
    const auto memory = folder.open();
    const std::string large(100'000, 'x');
    std::uintmax_t largest = 0;
    for (int n = 0; n < 900; ++n) {  // 90 MB
        put_session(*memory, std::to_string(n), large);
        largest = std::max(largest, std::filesystem::file_size(folder.file().string() + "-wal"));
    }

    CHECK(largest < 60'000'000);
}
