#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/store/store_folder.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <csignal>
#include <mutex>
#include <vector>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;

namespace {

// No file of this process grows beyond this, as on a full disk: the kernel refuses the write.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) : old_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit now{bytes, old_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~file_size_limit() {
        setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_signal_);
    }

private:
    rlimit old_{};
    void (*old_signal_)(int);
};

auto session_of(int n, std::size_t bytes) {
    return [=](transaction& t) {
        session s;
        s.id = std::to_string(n);
        s.identity_json.assign(bytes, 'x');
        t.sessions().put(s);
        t.audit().append({});
    };
}

}  // namespace

TEST_CASE("a disk that is full costs an error and a line in the log, and nothing else") {
    const store_folder folder;
    std::mutex mutex;
    std::vector<std::string> told;
    std::vector<bool> fails;
    sqlite_options options;
    options.report = [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        told.push_back(text);
    };
    options.writing = [&](bool now) {
        const std::lock_guard lock(mutex);
        fails.push_back(now);
    };
    const auto memory = folder.open(std::move(options));
    int kept = 0;
    {
        const file_size_limit full(2'000'000);
        while (memory->write_now(session_of(kept, 100'000))) {
            REQUIRE(kept < 1'000);
            ++kept;
        }
        for (int i = 0; i < 20; ++i)
            CHECK(memory->write_now(session_of(kept, 100'000)).error() == store_error::unavailable);
        CHECK(memory->read_now([&](transaction& t) {
            CHECK(t.sessions().find("0"));
            CHECK_FALSE(t.sessions().find(std::to_string(kept)));
        }));
    }

    CHECK(memory->write_now(session_of(kept, 100'000)));

    CHECK(kept > 5);
    CHECK(folder.sql("SELECT count(*) FROM session") == std::to_string(kept + 1));
    CHECK(folder.sql("SELECT count(*) FROM audit") == std::to_string(kept + 1));
    CHECK(folder.sql("PRAGMA integrity_check") == "ok");
    CHECK(memory->statistics().failures >= 2);
    const std::lock_guard lock(mutex);
    REQUIRE_FALSE(told.empty());
    // Said once and not for each request; and when it began and ended.
    CHECK(told.size() <= 2);
    CHECK(fails == std::vector<bool>{true, false});
    CHECK(told.front().find("SQLite") != std::string::npos);
}

TEST_CASE("a database that is damaged while it runs costs errors, not the process") {
    const store_folder folder;
    const auto memory = folder.open();
    REQUIRE(memory->write_now(session_of(1, 100)));
    folder.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    folder.sql(
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_master SET rootpage = 100000 WHERE name = 'session'");

    CHECK(memory->write_now(session_of(2, 100)).error() == store_error::unavailable);
    CHECK(memory->read_now([](transaction& t) { (void)t.sessions().find("1"); }).error() ==
          store_error::unavailable);
}
