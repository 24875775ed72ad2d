// What is refused at the door, in one line that names the thing and the remedy, with nothing
// changed.
#include "idp/store/open_store.hpp"
#include "idp/store/postgresql/address.hpp"
#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql/failures.hpp"
#include "idp/store/postgresql/migrations.hpp"
#include "idp/store/postgresql/pause.hpp"
#include "idp/store/postgresql/prepared_statement.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/sqlite/migrations.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/store/shared_server.hpp"
#include "tests/idp/store/store_folder.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/test_certificate.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

std::string refusal(const std::string& url) {
    const auto opened = open_postgresql_store(url);
    REQUIRE_FALSE(opened);
    const auto words = opened.error();
    CHECK(words.find('\n') == std::string::npos);
    return words;
}

bool has(const std::string& text, const std::string& part) {
    CAPTURE(text);
    return text.find(part) != std::string::npos;
}

std::string tables_of(const std::string& url) {
    return server().sql(url,
                        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE"
                        " relkind = 'r' AND relnamespace = 'public'::regnamespace");
}

}  // namespace

TEST_CASE("a database of another encoding is refused, and stays empty") {
    const auto url = server().new_database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    const auto words = refusal(url);
    CHECK(has(words, "LATIN1"));
    CHECK(has(words, "createdb --encoding=UTF8"));
    CHECK(tables_of(url).empty());
}

TEST_CASE("another program's tables are refused, and stay as they are") {
    const auto url = server().new_database();
    server().sql(url, "CREATE TABLE schema_version (number int); CREATE TABLE wiki_page (id int)");
    const auto words = refusal(url);
    CHECK(has(words, "another program's tables"));
    CHECK(has(words, "a database of its own"));
    CHECK(tables_of(url) == "schema_version wiki_page");
}

TEST_CASE("a database of a newer Kommpass is refused, unless that gets along with this one") {
    const auto url = server().new_database();
    REQUIRE(open_postgresql_store(url));
    const auto newest = std::to_string(postgresql::known_migrations().back().number);
    server().sql(url, "INSERT INTO schema_version VALUES (9001, '9001_wider', 0, " + newest + ")");
    CHECK(open_postgresql_store(url));  // it only added something
    server().sql(url, "INSERT INTO schema_version VALUES (9002, '9002_narrower', 0, 9002)");
    const auto words = refusal(url);
    CHECK(has(words, "newer Kommpass"));
    CHECK(has(words, "schema 9002"));
    CHECK(has(words, "restore a backup"));
}

TEST_CASE("a role without rights is refused with what it needs") {
    const auto url = server().new_database();
    server().sql(url, "DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN");
    auto as_weak = url;
    as_weak.replace(as_weak.find("user=postgres"), 13, "user=weak");
    CHECK(has(refusal(as_weak), "GRANT CREATE ON SCHEMA public TO weak"));
    CHECK(tables_of(url).empty());
    REQUIRE(open_postgresql_store(url));
    CHECK(has(refusal(as_weak), "GRANT SELECT, INSERT, UPDATE, DELETE"));
    server().sql(url,
                 "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO weak");
    CHECK(open_postgresql_store(as_weak));
}

TEST_CASE("a server that is not there and a database that nobody made are named") {
    const auto gone = free_port();
    CHECK(has(refusal("postgresql://kommpass@127.0.0.1:" + std::to_string(gone) +
                      "/kommpass?sslmode=disable"),
              "127.0.0.1:" + std::to_string(gone)));
    auto other = server().new_database();
    other.replace(other.find(":///") + 4, other.find('?') - other.find(":///") - 4, "no_such");
    CHECK(has(refusal(other), "no_such"));
}

TEST_CASE("over TLS a server that is not the one that the address names is refused") {
    postgresql_server its;
    const auto plain = its.new_database();
    const auto folder = its.folder() / "tls";
    const test_authority authority(folder, "DIKOM Datenbanken");
    const auto serve_with = [&](const test_authority::pair& pair) {
        const auto data = its.folder() / "data";
        // Copied by the server's user: it reads no key of anybody else's.
        for (const auto& [from, to] : {std::pair(pair.certificate, data / "its.pem"),
                                       std::pair(pair.key, data / "its.key")}) {
            std::filesystem::permissions(from, std::filesystem::perms::all);
            its.run_as_owner({"cp", from.string(), to.string()});
            its.run_as_owner({"chmod", "600", to.string()});
        }
        its.sql(plain, "ALTER SYSTEM SET ssl_cert_file = 'its.pem'");
        its.sql(plain, "ALTER SYSTEM SET ssl_key_file = 'its.key'");
        its.sql(plain, "ALTER SYSTEM SET ssl = on");
        its.stop();
        its.start();
    };
    auto url = postgresql_server::at_port(plain, its.port());
    url.replace(url.find("sslmode=disable"), 15,
                "sslmode=verify-full&sslrootcert=" + authority.ca_file().string());

    serve_with(authority.issue("another", "/CN=db2", "DNS:db2.fed.example"));
    const auto words = refusal(url);
    CHECK(has(words, "db2.fed.example"));
    CHECK(has(words, "127.0.0.1"));

    const test_authority stranger(its.folder() / "stranger", "Somebody");
    serve_with(stranger.issue("strange", "/CN=db1", "IP:127.0.0.1"));
    CHECK(has(refusal(url), "certificate verify failed"));

    serve_with(authority.issue("right", "/CN=db1", "DNS:db1.fed.example,IP:127.0.0.1"));
    const auto opened = open_postgresql_store(url);
    REQUIRE_MESSAGE(opened, opened.error());
    CHECK((*opened)->write_now([](transaction&) {}));
}

TEST_CASE("whatever the database's settings say, a commit is durable where it is acknowledged") {
    const auto url = server().new_database();
    const auto address = postgresql::read_address(url);
    REQUIRE(address.has_value());
    const auto in_force_with = [&](const std::string& setting) {
        const auto role = "ALTER ROLE postgres SET synchronous_commit = " + setting;
        server().sql(url, role);
        postgresql::connection one(*address, postgresql::connection::use::writing, {});
        one.open();
        const auto asked = one.prepare("SELECT current_setting('synchronous_commit')");
        REQUIRE(asked->next());
        return std::string(asked->bytes(0));
    };
    for (const auto* weaker : {"off", "local", "remote_write"}) {
        CAPTURE(weaker);
        CHECK(in_force_with(weaker) == "on");
    }
    CHECK(in_force_with("remote_apply") == "remote_apply");
    server().sql(url, "ALTER ROLE postgres RESET synchronous_commit");
}

TEST_CASE("a look says whether a store begins anew, and makes nothing") {
    const auto url = server().new_database();
    const auto before = look_at_store({.file = {}, .url = url});
    REQUIRE(before.has_value());
    CHECK(before->begins_anew);
    CHECK(tables_of(url).empty());
    REQUIRE(open_postgresql_store(url));
    const auto after = look_at_store({.file = {}, .url = url});
    REQUIRE(after.has_value());
    CHECK_FALSE(after->begins_anew);
    CHECK(after->revision == 0);
}

TEST_CASE("nodes that start at the same time make one schema") {
    const auto url = server().new_database();
    std::vector<std::thread> nodes;
    nodes.reserve(4);
    std::atomic<int> opened = 0;
    for (int n = 0; n < 4; ++n)
        nodes.emplace_back([&] {
            if (open_postgresql_store(url)) ++opened;
        });
    for (auto& one : nodes) one.join();
    CHECK(opened == 4);
    CHECK(server().sql(url, "SELECT count(*) FROM schema_version") ==
          std::to_string(postgresql::known_migrations().size()));
}

TEST_CASE("both engines have the same tables with the same columns, at the same schema") {
    CHECK(postgresql::known_migrations().back().number == sqlite::known_migrations().back().number);
    const auto url = server().new_database();
    REQUIRE(open_postgresql_store(url));
    store_folder folder;
    (void)folder.open();
    const auto here = folder.sql(
        "SELECT group_concat(c, char(10)) FROM (SELECT m.name || '.' || t.name || ' ' || CASE "
        "t.type"
        " WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE 'text' END AS c FROM"
        " sqlite_master m, pragma_table_info(m.name) t WHERE m.type = 'table' AND m.name NOT LIKE"
        " 'sqlite%' AND m.name <> 'schema_version' ORDER BY 1)");
    const auto there = server().sql(
        url,
        "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, chr(10) ORDER BY"
        " (table_name || '.' || column_name || ' ' || data_type) COLLATE \"C\") FROM"
        " information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN"
        " ('schema_version', 'tx_outcome', 'writer_turn')");
    CHECK(here == there);
}

TEST_CASE("every text is compared byte by byte, whatever the machine's language is") {
    const auto url = server().new_database();
    REQUIRE(open_postgresql_store(url));
    CHECK(server().sql(
              url,
              "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
              " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')"
              " AND a.atttypid = 'text'::regtype AND a.attcollation <> '\"C\"'::regcollation") ==
          "0");
}

TEST_CASE("a pooler that changes connections between transactions is refused, a session's is not") {
    const auto folder = fresh_folder("pgbouncer");
    const auto url = server().new_database();
    std::filesystem::permissions(folder, std::filesystem::perms::all);
    for (const bool by_transaction : {true, false}) {
        const auto port = free_port();
        const auto settings = folder / (by_transaction ? "transaction.ini" : "session.ini");
        std::ofstream(settings)
            << "[databases]\n* = host=127.0.0.1 port=" << server().port()
            << " user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port
            << "\nauth_type = any\nunix_socket_dir =\npool_mode = "
            << (by_transaction ? "transaction" : "session") << '\n';
        auto through = postgresql_server::at_port(url, port);
        std::vector<std::string> words{"setpriv",        "--reuid=postgres", "--regid=postgres",
                                       "--clear-groups", "--pdeathsig",      "KILL"};
        if (::geteuid() != 0) words.clear();
        words.insert(words.end(), {"pgbouncer", settings});
        const auto pooler = spawn(words, folder / "log");
        auto opened = open_postgresql_store(through);
        for (int attempt = 0; attempt < 500 && !opened && has(opened.error(), "refused");
             ++attempt) {
            std::this_thread::sleep_for(20ms);  // it is not there yet
            opened = open_postgresql_store(through);
        }
        if (by_transaction) {
            REQUIRE_FALSE(opened);
            CHECK(has(opened.error(), "pool_mode = session"));
        } else {
            REQUIRE_MESSAGE(opened, opened.error());
            CHECK((*opened)->write_now([](transaction&) {}));
            opened = std::string();
        }
        ::kill(pooler, SIGKILL);
        ::waitpid(pooler, nullptr, 0);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("an address is read strictly: no password in it, and nobody believed unseen") {
    using postgresql::read_address;
    const auto wrong = [](const char* url) {
        const auto read = read_address(url);
        REQUIRE_FALSE(read.has_value());
        return read.error();
    };
    CHECK(has(wrong("postgresql://kommpass:geheim@10.1.2.3/kommpass"), "passfile="));
    CHECK_FALSE(has(wrong("postgresql://kommpass:geheim@10.1.2.3/kommpass"), "geheim"));
    CHECK_FALSE(has(wrong("postgresql://10.1.2.3/kommpass?password=geheim"), "geheim"));
    CHECK(has(wrong("postgresql://10.1.2.3/kommpass?sslmode=require"), "verify-full"));
    CHECK(has(wrong("postgresql://10.1.2.3/kommpass?colour=red"), "colour"));
    const auto read = read_address(
        "postgresql://kommpass@db1.fed.example,db2.fed.example:5433/kommpass?sslrootcert=/etc/"
        "ca.pem");
    REQUIRE_MESSAGE(read.has_value(), read.error());
    REQUIRE(read->servers.size() == 2);
    CHECK(read->servers[0].name == "db1.fed.example:5432");
    CHECK(read->servers[1].name == "db2.fed.example:5433");
    for (const auto& one : read->servers) {
        const auto value = [&](const std::string& keyword) {
            for (const auto& [name, text] : one.parameters)
                if (name == keyword) return text;
            return std::string();
        };
        CHECK(value("sslmode") == "verify-full");
        CHECK(value("sslrootcert") == "/etc/ca.pem");
        CHECK(value("dbname") == "kommpass");
        CHECK(value("client_encoding") == "UTF8");
    }
}

TEST_CASE("parameters are numbered, those with a number keep it, and quoted text stays") {
    using postgresql::with_numbered_parameters;
    CHECK(with_numbered_parameters("VALUES (?,?)") == "VALUES ($1,$2)");
    CHECK(with_numbered_parameters("a = ?2 AND b = ?1") == "a = $2 AND b = $1");
    CHECK(with_numbered_parameters("a = '?' AND b = ?") == "a = '?' AND b = $1");
}

TEST_CASE("what PostgreSQL answers is sorted by what to do about it") {
    using postgresql::failure_kind;
    using postgresql::kind_of;
    for (const auto* code : {"08006", "57P01", "57P03", "25P03", "25006", ""})
        CHECK(kind_of(code, false) == failure_kind::connection_lost);
    for (const auto* code : {"40001", "40P01", "55P03"})
        CHECK(kind_of(code, false) == failure_kind::conflict);
    for (const auto* code : {"23505", "22021"})
        CHECK(kind_of(code, false) == failure_kind::caller_bug);
    CHECK(kind_of("25006", true) == failure_kind::caller_bug);
    for (const auto* code : {"53100", "57014", "42501"})
        CHECK(kind_of(code, false) == failure_kind::engine);
}

TEST_CASE("pauses grow to a second and are spread") {
    using postgresql::pause_before;
    CHECK(pause_before(1, 0.0) == 1ms);
    CHECK(pause_before(1, 1.0) == 51ms);
    CHECK(pause_before(3, 0.5) == 101ms);
    CHECK(pause_before(40, 1.0) == 1001ms);
}
