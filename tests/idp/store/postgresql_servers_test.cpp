// Several servers: which of them writes, and who follows it.
#include "idp/store/open_store.hpp"
#include "idp/store/postgresql/address.hpp"
#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/store.hpp"
#include "tests/idp/store/shared_server.hpp"
#include "tests/support/server_process.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <thread>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;

TEST_CASE("of several servers the one that takes writes is found") {
    const auto url = server().new_database();
    const auto gone = free_port();
    auto several = postgresql_server::at_port(url, gone);
    const auto own = "127.0.0.1:" + std::to_string(server().port());
    several.replace(several.find("127.0.0.1"), ("127.0.0.1:" + std::to_string(gone)).size(),
                    "127.0.0.1:" + std::to_string(gone) + "," + own);
    const auto opened = open_postgresql_store(several);
    REQUIRE_MESSAGE(opened, opened.error());
    CHECK((*opened)->write_now([](transaction&) {}));
}

// A machine that is gone answers nothing; the time of one that is silent is three seconds.
TEST_CASE("servers that say nothing, however many, do not hold up the one that takes writes") {
    const auto url = server().new_database();
    const auto own = "127.0.0.1:" + std::to_string(server().port());
    std::vector<int> silent;
    std::string before;
    for (int i = 0; i < 5; ++i) {
        const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        REQUIRE(::bind(one, reinterpret_cast<sockaddr*>(&at), size) == 0);
        REQUIRE(::listen(one, 16) == 0);  // taken by the kernel, never answered
        REQUIRE(::getsockname(one, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        before += "127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + ",";
        silent.push_back(one);
    }
    auto several = postgresql_server::at_port(url, server().port());
    several.replace(several.find(own), own.size(), before + own);
    const auto to = postgresql::read_address(several);
    REQUIRE_MESSAGE(to.has_value(), to.error());
    // One after another they would take six times as long as this is given.
    postgresql::deadlines limits;
    limits.connecting = 30s;
    postgresql::connection one(*to, postgresql::connection::use::writing, limits);
    const auto begun = std::chrono::steady_clock::now();
    one.open();
    CHECK(std::chrono::steady_clock::now() - begun < limits.connecting);
    CHECK(one.server_name().find(std::to_string(server().port())) != std::string::npos);
    // The next time it is asked first.
    one.open();
    CHECK(one.is_open());
    for (const int each : silent) ::close(each);
}

TEST_CASE("standbys that are not waited for are a weakness, told to a role without rights too") {
    const auto url = server().new_database();
    REQUIRE(open_postgresql_store(url));
    server().sql(url,
                 "CREATE ROLE follower_unaware LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO "
                 "follower_unaware");
    auto own = url;
    own.replace(own.find("user=postgres"), 13, "user=follower_unaware");
    const auto weakness = [&] {
        const auto found = look_at_store({.file = {}, .url = own});
        REQUIRE_MESSAGE(found.has_value(), found.error());
        return found->weakness;
    };
    CHECK(weakness().empty());

    const auto folder = fresh_folder("follower");
    const auto follower =
        spawn({"/usr/lib/postgresql/15/bin/pg_receivewal", "-D", folder.string(), "-h", "127.0.0.1",
               "-p", std::to_string(server().port()), "-U", "postgres", "--no-loop"});
    while (server().sql(url, "SELECT count(*) FROM pg_stat_replication") == "0")
        std::this_thread::sleep_for(10ms);
    CHECK(weakness().find("waits for none") != std::string::npos);
    // Once it is named, nothing is said. Nobody writes here meanwhile: that would wait for it.
    server().sql(url, "ALTER SYSTEM SET synchronous_standby_names = 'pg_receivewal'");
    server().sql(url, "SELECT pg_reload_conf()");
    while (server().sql(url, "SHOW synchronous_standby_names").empty())
        std::this_thread::sleep_for(10ms);
    CHECK(weakness().empty());
    server().sql(url, "ALTER SYSTEM RESET synchronous_standby_names");
    server().sql(url, "SELECT pg_reload_conf()");
    ::kill(follower, SIGTERM);
    ::waitpid(follower, nullptr, 0);
    std::filesystem::remove_all(folder);
}
