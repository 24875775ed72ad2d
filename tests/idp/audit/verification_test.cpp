// A log that somebody has been at: what is found, and where.
#include "idp/audit/verification.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/retention.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/sqlite_store.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

using namespace kommpass;
using namespace kommpass::idp;
using idp::audit::chain_report;

namespace {

constexpr instant noon = from_unix_seconds(1'795'000'000);

// A store and keys in a folder of their own.
class kept_log {
public:
    kept_log() {
        static int count = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("kommpass-audit-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
        std::filesystem::create_directories(folder_);
        system_randomness random;
        keys_ = *jose::open_key_file((folder_ / "keys.json").string(), random, noon);
        open();
    }
    ~kept_log() {
        close();
        std::filesystem::remove_all(folder_);
    }

    void append(int count, const char* person = "anna") {
        const auto done = store_->write_now([&](store::transaction& t) {
            for (int i = 0; i < count; ++i) {
                store::audit_record record;
                record.at = noon + std::chrono::seconds(++written_);
                record.event = "sign_in.success";
                record.result = "ok";
                record.member = member_slug("lebus");
                record.person = person_id(person);
                record.address = "192.0.2.7";
                record.detail_json = R"({"n":"x"})";
                t.audit().append(record);
            }
        });
        REQUIRE(done.has_value());
    }
    void sign() { REQUIRE(*audit::make_checkpoint(*store_, *keys_, noon)); }
    chain_report verified() { return *audit::verify_chain(*store_, *keys_); }
    store::store& memory() { return *store_; }

    // What somebody with a hand on the file does.
    void tamper(const std::string& sql) {
        close();
        sqlite3* file = nullptr;
        REQUIRE(sqlite3_open((folder_ / "store.db").c_str(), &file) == SQLITE_OK);
        REQUIRE(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(file);
        open();
    }
    const std::filesystem::path& folder() const { return folder_; }
    void open() { store_ = *store::open_sqlite_store(folder_ / "store.db", {}); }
    void close() {
        if (store_) store_->stop();
        store_.reset();
    }

private:
    std::filesystem::path folder_;
    jose::key_ring_ptr keys_;
    std::unique_ptr<store::store> store_;
    int written_ = 0;
};

}  // namespace

TEST_CASE("a log that nobody touched is whole, over pages and restarts") {
    kept_log log;
    CHECK_FALSE(log.verified().fault);
    log.append(1500);
    log.sign();
    log.close();
    log.open();
    log.append(1000, "bert");
    log.sign();
    const auto report = log.verified();
    CHECK_FALSE(report.fault);
    CHECK(report.records == 2500);
    CHECK(report.checkpoints == 2);
    CHECK(report.before_the_chain == 0);
}

TEST_CASE("what was done to the log is found, and named by its record") {
    const std::pair<const char*, long long> deeds[] = {
        {"UPDATE audit SET result = 'no' WHERE sequence = 7", 7},
        {"UPDATE audit SET at = at + 1 WHERE sequence = 7", 7},
        {"UPDATE audit SET event = 'sign_in.failure' WHERE sequence = 7", 7},
        {"UPDATE audit SET member = 'cottbus' WHERE sequence = 7", 7},
        {"UPDATE audit SET person = 'somebody' WHERE sequence = 7", 7},
        {"UPDATE audit SET address = '192.0.2.8' WHERE sequence = 7", 7},
        {"UPDATE audit SET salt = NULL WHERE sequence = 7", 7},
        {"UPDATE audit SET detail_json = '{}' WHERE sequence = 7", 7},
        {"UPDATE audit SET hash = NULL WHERE sequence = 7", 7},
        {"UPDATE audit SET hash = zeroblob(32) WHERE sequence = 7", 7},
        {"DELETE FROM audit WHERE sequence = 7", 7},
        {"UPDATE audit SET sequence = 1000 WHERE sequence = 7;"
         "UPDATE audit SET sequence = 7 WHERE sequence = 8;"
         "UPDATE audit SET sequence = 8 WHERE sequence = 1000",
         7},
        {"INSERT INTO audit SELECT 21, at, event, result, member, person, client, request, address,"
         " detail_json, previous_hash, hash, salt, address_digest, content_digest, removed FROM"
         " audit WHERE sequence = 20",
         21},
    };
    for (const auto& done : deeds) {
        const auto& [deed, record] = done;
        CAPTURE(std::string(done.first));
        kept_log log;
        log.append(20);
        log.tamper(deed);
        const auto report = log.verified();
        REQUIRE(report.fault);
        CHECK(report.fault->sequence == record);
    }
}

TEST_CASE("a log that was cut off, or made anew with right hashes, does not fit what was signed") {
    kept_log cut;
    cut.append(20);
    cut.sign();
    cut.tamper("DELETE FROM audit WHERE sequence > 15");
    REQUIRE(cut.verified().fault);
    CHECK(cut.verified().fault->sequence == 16);

    kept_log forged;
    forged.append(20);
    forged.sign();
    forged.tamper("DELETE FROM audit");
    forged.append(20, "bert");
    REQUIRE(forged.verified().fault);
    CHECK(forged.verified().fault->sequence == 20);

    kept_log unsigned_again;
    unsigned_again.append(5);
    unsigned_again.sign();
    unsigned_again.append(5);
    unsigned_again.sign();
    unsigned_again.tamper("DELETE FROM audit_checkpoint WHERE sequence = 5");
    CHECK(unsigned_again.verified().fault);
    unsigned_again.tamper("UPDATE audit_checkpoint SET signature = 'a.b.c'");
    CHECK(unsigned_again.verified().fault);
}

TEST_CASE("a person who is erased leaves the chain whole, and nobody knows who it was") {
    kept_log log;
    log.append(10, "anna");
    log.append(10, "bert");
    log.sign();
    const auto done = log.memory().write_now([](store::transaction& t) {
        store::audit_record record;
        record.event = "person.erased";
        record.result = "ok";
        record.detail_json =
            audit::detail({{"pseudonym", t.audit().pseudonym_of(person_id("anna"))}});
        t.audit().forget_person(person_id("anna"));
        t.audit().append(record);
    });
    REQUIRE(done.has_value());
    const auto report = log.verified();
    CHECK_FALSE(report.fault);
    CHECK(report.addresses_forgotten == 10);
    const auto read = log.memory().read_now([](store::transaction& t) {
        CHECK(t.audit().pseudonym_of(person_id("anna")).empty());
        const auto all = t.audit().read(0, 100);
        CHECK(all.front().record.person.empty());
        CHECK(all.front().record.address.empty());
        CHECK(all[19].record.person.view() == "bert");
    });
    REQUIRE(read.has_value());
}

TEST_CASE("an address that is gone although nobody was erased is found") {
    kept_log log;
    log.append(10);
    log.tamper("UPDATE audit SET address = '', salt = NULL WHERE sequence = 7");
    REQUIRE(log.verified().fault);
    CHECK(log.verified().fault->sequence == 7);
}

TEST_CASE("what was acknowledged survives kill -9, and the chain with it") {
    kept_log log;
    log.close();
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        log.open();
        for (long long n = 1;; ++n) {
            const auto done = log.memory().write_now([](store::transaction& t) {
                store::audit_record record;
                record.event = "token.issued";
                record.result = "ok";
                record.detail_json = "{}";
                t.audit().append(record);
            });
            if (!done || ::write(pipe[1], &n, sizeof n) != sizeof n) ::_exit(1);
        }
    }
    ::close(pipe[1]);
    long long acknowledged = 0;
    while (acknowledged < 200) REQUIRE(::read(pipe[0], &acknowledged, sizeof acknowledged) > 0);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (long long n = 0; ::read(pipe[0], &n, sizeof n) > 0;) acknowledged = n;
    ::close(pipe[0]);
    log.open();
    const auto report = log.verified();
    CHECK_FALSE(report.fault);
    CHECK(report.records >= acknowledged);
}

TEST_CASE("what is older than its period is emptied, recorded, and found lawful") {
    kept_log log;
    log.append(5);
    log.sign();
    config::retention_settings periods;
    audit::retention due;
    const auto early = due.apply(log.memory(), periods, noon + std::chrono::days(80));
    CHECK(*early == 0);
    const auto later = noon + std::chrono::days(91);
    CHECK(*due.apply(log.memory(), periods, later) == 5);
    CHECK(*due.apply(log.memory(), periods, later) == 0);
    const auto report = log.verified();
    CHECK_FALSE(report.fault);
    CHECK(report.contents_removed == 5);
    std::vector<store::stored_audit_record> all;
    REQUIRE(log.memory().read_now([&](store::transaction& t) { all = t.audit().read(0, 100); }));
    CHECK(all.front().record.address.empty());
    CHECK(all.front().record.event == "sign_in.success");
    CHECK(all.back().record.event == "audit.content_removed");
}

TEST_CASE("an emptiness that nobody recorded is a fault") {
    kept_log log;
    log.append(3);
    REQUIRE(log.memory().write_now([](store::transaction& t) {
        (void)t.audit().remove_content(0, "sign_in", noon + std::chrono::days(1), "retention", 9);
    }));
    const auto report = log.verified();
    REQUIRE(report.fault);
    CHECK(report.fault->sequence == 1);
}
