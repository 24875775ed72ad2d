// The service as a load balancer sees it when the machine beneath it fails.
#include "config/vocabulary/held_clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/observe/log.hpp"
#include "idp/registry/registry_folder.hpp"
#include "idp/service/service.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

class turned_passing final : public passing_time {
public:
    [[nodiscard]] std::chrono::milliseconds passed() const noexcept override {
        return std::chrono::milliseconds{passed_.load()};
    }
    void turn(std::chrono::milliseconds by) noexcept { passed_ += by.count(); }

private:
    std::atomic<std::chrono::milliseconds::rep> passed_{1'000};
};

// No file of this process grows while it lives, as on a full disk.
class full_disk {
public:
    full_disk() : old_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit now{1, old_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~full_disk() {
        setrlimit(RLIMIT_FSIZE, &old_);
        std::signal(SIGXFSZ, old_signal_);
    }
    full_disk(const full_disk&) = delete;

private:
    rlimit old_{};
    void (*old_signal_)(int);
};

struct installation {
    fs::path path;
    config::settings settings;
    turned_clock wall{system_clock().now()};
    turned_passing passing;
    held_clock time{wall, passing};
    system_randomness random;
    int log_file = -1;
    std::unique_ptr<idp::observe::log> log;
    std::unique_ptr<idp::service::service> running;

    installation() {
        auto name = (fs::temp_directory_path() / "kommpass-running-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path = name;
        settings.issuer = "https://pass.example";
        settings.listen.tls = false;
        settings.listen.port = 0;
        settings.metrics.port = 0;
        settings.io_threads = 1;
        settings.store_file = path / "kommpass.db";
        settings.key_file = path / "keys.json";
        settings.registry_folder = path / "registry";
        REQUIRE(idp::registry::write_folder(settings.registry_folder,
                                            policies::write_registry(test_registry()))
                    .has_value());
        // A pipe: a log that is a file would be full, too.
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("pipe");
        log_file = ends[0];
        log_end_ = ends[1];
        log = std::make_unique<idp::observe::log>(config::log_format::logfmt,
                                                  config::log_level::info, wall, log_end_);
    }
    ~installation() {
        running.reset();
        log.reset();
        ::close(log_file);
        ::close(log_end_);
        fs::remove_all(path);
    }
    installation(const installation&) = delete;

    void start() { running = idp::service::service::start(settings, time, random, *log); }
    void pass(std::chrono::milliseconds by) {
        passing.turn(by);
        wall.turn(by);
    }

    [[nodiscard]] std::string get(const std::string& target) const {
        const int to = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(running->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::string answer;
        const auto request =
            "GET " + target + " HTTP/1.1\r\nHost: pass.example\r\nConnection: close\r\n\r\n";
        if (::connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
            ::send(to, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
            char bytes[4096];
            for (ssize_t got = 0; (got = ::recv(to, bytes, sizeof bytes, 0)) > 0;)
                answer.append(bytes, static_cast<std::size_t>(got));
        }
        ::close(to);
        return answer;
    }
    // Asks until the answer has these words. True if that was before a test's patience ended.
    [[nodiscard]] bool comes(const std::string& target, const std::string& words) const {
        const auto until = std::chrono::steady_clock::now() + 60s;
        while (std::chrono::steady_clock::now() < until) {
            if (get(target).find(words) != std::string::npos) return true;
        }
        return false;
    }
    void jump_100_days_for_14_seconds() {
        wall.turn(100 * 24h);
        CHECK(comes("/readyz", R"("because":["clock"])"));
        for (int i = 0; i < 14; ++i) {
            pass(1s);
            (void)get("/readyz");
        }
        wall.turn(-100 * 24h);
        CHECK(comes("/readyz", R"({"status":"ready"})"));
    }
    // How many rows the store answers, past the service.
    [[nodiscard]] int rows(const char* sql) const {
        sqlite3* opened = nullptr;
        sqlite3_open_v2(settings.store_file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
        sqlite3_busy_timeout(opened, 10'000);
        int count = 0;
        const auto each = [](void* sum, int, char**, char**) {
            return ++*static_cast<int*>(sum), 0;
        };
        const auto done = sqlite3_exec(opened, sql, each, &count, nullptr);
        sqlite3_close(opened);
        REQUIRE(done == SQLITE_OK);
        return count;
    }
    // What was logged since the last call.
    [[nodiscard]] std::string logged() const {
        log->flush();
        std::string text;
        char bytes[4096];
        for (ssize_t got = 0; (got = ::read(log_file, bytes, sizeof bytes)) > 0;)
            text.append(bytes, static_cast<std::size_t>(got));
        return text;
    }

private:
    int log_end_ = -1;
};

std::size_t count_of(const std::string& text, const std::string& words) {
    std::size_t count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("a full disk turns readiness red, is said once, and is over by itself") {
    installation here;
    here.start();
    REQUIRE(here.comes("/readyz", "200 OK"));
    (void)here.logged();
    {
        const full_disk disk;
        // Leases are renewed, which is a write.
        for (int i = 0; i < 5; ++i) here.pass(35s);
        REQUIRE(here.comes("/readyz", R"("because":["store"])"));
        CHECK(here.get("/healthz").find("200 OK") != std::string::npos);
        for (int i = 0; i < 20; ++i) {
            here.pass(2s);
            (void)here.get("/readyz");
        }
        CHECK(count_of(here.logged(), "event=store.failed") <= 2);
    }
    here.pass(5s);
    CHECK(here.comes("/readyz", R"({"status":"ready"})"));
    CHECK(here.logged().find("event=store.works_again") != std::string::npos);
}

TEST_CASE("a clock that jumps turns readiness red until it is back, and nothing ends by it") {
    installation here;
    here.start();
    REQUIRE(here.comes("/readyz", "200 OK"));
    const auto keys = here.get("/jwks");
    here.jump_100_days_for_14_seconds();
    // Sweep, rotation and retention have run meanwhile, by the time that passed.
    here.pass(11min);
    CHECK(here.comes("/readyz", R"({"status":"ready"})"));
    here.running.reset();
    here.start();
    const auto body = [](const std::string& answer) { return answer.substr(answer.find("{")); };
    CHECK(body(here.get("/jwks")) == body(keys));
}

// Sweep, retention and rotation run while the clock is wrong, and after it: what is over by the
// time that passed goes, and nothing else.
TEST_CASE(
    "a clock that jumps by 100 days ends no session and no refresh token, and empties no record") {
    installation here;
    here.start();
    here.running.reset();
    const auto now = here.time.now();
    {
        const auto store = idp::store::open_sqlite_store(here.settings.store_file);
        REQUIRE(store.has_value());
        REQUIRE((*store)->write_now([&](idp::store::transaction& t) {
            for (const auto& [number, lives] : {std::pair(1, 8h), std::pair(2, 0h)}) {
                auto session = session_number(number);
                session.expires_at = now + lives + 5s;
                t.sessions().put(session);
                auto family = family_number(number);
                family.expires_at = now + lives + 5s;
                t.families().put(family);
                auto record = audit_record_number(number);
                record.at = now - (lives == 0h ? 91 * 24h : 24h);
                t.audit().append(record);
            }
        }));
    }
    here.start();
    REQUIRE(here.comes("/readyz", "200 OK"));
    here.jump_100_days_for_14_seconds();
    // What was over goes: so the tasks have run.
    here.pass(11min);
    const auto until = std::chrono::steady_clock::now() + 60s;
    const auto waits = [&] {
        return here.rows("SELECT 1 FROM session WHERE id = 'session-2'") +
               here.rows("SELECT 1 FROM token_family WHERE family = 'family-2'") +
               (1 - here.rows("SELECT 1 FROM audit WHERE removed <> ''"));
    };
    while (waits() > 0 && std::chrono::steady_clock::now() < until) (void)here.get("/readyz");
    REQUIRE(waits() == 0);
    CHECK(here.rows("SELECT id FROM session WHERE id = 'session-1'") == 1);
    CHECK(here.rows("SELECT family FROM token_family WHERE family = 'family-1'") == 1);
    CHECK(here.rows("SELECT sequence FROM audit WHERE removed <> ''") == 1);
}

TEST_CASE("a start with a clock from before the newest record is not ready until it is set") {
    installation here;
    here.start();
    here.running.reset();
    {
        const auto store = idp::store::open_sqlite_store(here.settings.store_file);
        REQUIRE(store.has_value());
        REQUIRE((*store)->write_now([&](idp::store::transaction& t) {
            idp::store::audit_record record;
            record.at = here.wall.now();
            record.event = "sign_in.success";
            t.audit().append(record);
        }));
    }
    here.wall.turn(-3 * 24h);
    here.time.accept();
    here.start();
    CHECK(here.comes("/readyz", R"("because":["clock"])"));
    here.wall.turn(5 * 24h);
    CHECK(here.comes("/readyz", R"({"status":"ready"})"));
}

TEST_CASE("a service that could not serve does not start, and says everything that is wrong") {
    installation here;
    here.settings.listen.tls = true;
    here.settings.listen.certificate_file = here.path / "own.pem";
    here.settings.listen.private_key_file = here.path / "own.key";
    here.settings.trusted_proxies = {"proxy"};
    std::string said;
    try {
        here.start();
    } catch (const std::runtime_error& refused) {
        said = refused.what();
    }
    for (const auto* words : {"own.pem", "own.key", "trusted_proxies"})
        CHECK(said.find(words) != std::string::npos);
    CHECK_FALSE(fs::exists(here.settings.store_file));
    CHECK_FALSE(fs::exists(here.settings.key_file));
}
