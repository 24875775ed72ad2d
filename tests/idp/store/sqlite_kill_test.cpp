#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/store/store_folder.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <vector>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using idp::store::store;

namespace {

std::string id_of(int n) { return "session " + std::to_string(n); }

// Writes a session and its audit record together, tells the parent once they are acknowledged, and
// goes on with the next until killed.
boost::asio::awaitable<void> write_for_ever(store& memory, int& next, int acknowledge) {
    while (true) {
        const int n = next++;
        auto put = [n](transaction& t) {
            session s;
            s.id = id_of(n);
            s.identity_json.assign(static_cast<std::size_t>(n) * 37 % 3'000, 'x');
            t.sessions().put(s);
            audit_record r;
            r.request = id_of(n);
            t.audit().append(r);
        };
        if (!co_await memory.write(put)) std::abort();
        if (::write(acknowledge, &n, sizeof n) != sizeof n) std::abort();
    }
}

[[noreturn]] void serve_until_killed(const store_folder& folder, int first, int acknowledge) {
    const auto memory = folder.open();
    boost::asio::io_context io(1);
    int next = first;
    for (int i = 0; i < 24; ++i)
        boost::asio::co_spawn(io, write_for_ever(*memory, next, acknowledge),
                              boost::asio::detached);
    io.run();
    std::abort();
}

// Lets a server write until it has acknowledged `enough`, kills it at that moment, and returns all
// that it acknowledged.
std::vector<int> kill_after(const store_folder& folder, int first, std::size_t enough) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t server = ::fork();
    REQUIRE(server >= 0);
    if (server == 0) {
        ::close(ends[0]);
        serve_until_killed(folder, first, ends[1]);
    }
    ::close(ends[1]);
    std::vector<int> acknowledged;
    int n = 0;
    while (::read(ends[0], &n, sizeof n) == sizeof n) {
        acknowledged.push_back(n);
        if (acknowledged.size() == enough) ::kill(server, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(server, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    return acknowledged;
}

}  // namespace

TEST_CASE("kill -9 at any moment loses nothing that was acknowledged, and no half of a write") {
    const store_folder folder;
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::minstd_rand random(seed);
    std::size_t all = 0;

    for (int round = 0; round < 25; ++round) {
        const auto enough = std::uniform_int_distribution<std::size_t>(1, 2'500)(random);
        const auto acknowledged = kill_after(folder, round * 1'000'000, enough);

        const auto memory = folder.open();
        std::size_t lost = 0;
        CHECK(memory->read_now([&](transaction& t) {
            for (const int n : acknowledged)
                if (!t.sessions().find(id_of(n))) ++lost;
        }));
        CHECK(acknowledged.size() >= enough);
        CHECK(lost == 0);
        all += acknowledged.size();
    }

    CHECK(folder.sql("PRAGMA integrity_check") == "ok");
    CHECK(std::stoul(folder.sql("SELECT count(*) FROM session")) >= all);
    CHECK(folder.sql("SELECT count(*) FROM session JOIN audit ON id = request") ==
          folder.sql("SELECT count(*) FROM session"));
    CHECK(folder.sql("SELECT count(*) FROM audit") == folder.sql("SELECT count(*) FROM session"));
}
