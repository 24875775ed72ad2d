// What becomes of work whose connection ends around its COMMIT.
#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"
#include "tests/support/postgresql_proxy.hpp"
#include "tests/support/postgresql_server.hpp"

#include <mutex>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;
using cut = postgresql_proxy::cut;

namespace {

// A server with a proxy before it, and a store that goes through that.
struct through_proxy {
    postgresql_server server;
    std::string database = server.new_database();
    postgresql_proxy proxy{server.port()};
    std::mutex mutex;
    std::vector<std::string> noticed;

    std::unique_ptr<store> open(postgresql_options options = {}) {
        options.write_lanes = 1;
        options.noticed = [this](const char* what, const std::string&) {
            const std::lock_guard lock(mutex);
            noticed.emplace_back(what);
        };
        auto opened = open_postgresql_store(postgresql_server::at_port(database, proxy.port()),
                                            std::move(options));
        REQUIRE_MESSAGE(opened, opened.error());
        return std::move(*opened);
    }
    std::size_t count(const std::string& what) {
        const std::lock_guard lock(mutex);
        return static_cast<std::size_t>(std::ranges::count(noticed, what));
    }
};

struct redeemed {
    bool issued = false;
    int runs = 0;
};

// Redeems a code and writes what happened, as the token endpoint does.
redeemed redeem(store& memory, int n, result<void, store_error>& done) {
    redeemed made;
    done = memory.write_now([&](transaction& t) {
        ++made.runs;
        made.issued =
            std::holds_alternative<issued_code>(t.codes().redeem(code_number(n).code_hash, noon));
        t.audit().append(audit_record_number(n));
    });
    return made;
}

}  // namespace

TEST_CASE("a connection that dies around COMMIT costs no code and gives none twice") {
    through_proxy here;
    const auto memory = here.open();
    constexpr int rounds = 25;
    int n = 0;
    for (const auto where : {cut::before_commit, cut::behind_commit, cut::before_answer}) {
        for (int round = 0; round < rounds; ++round, ++n) {
            CAPTURE(n);
            written(*memory, [n](transaction& t) { t.codes().put(code_number(n)); });
            here.proxy.cut_next(where);
            result<void, store_error> done;

            const auto made = redeem(*memory, n, done);

            REQUIRE(done);
            CHECK(here.proxy.has_cut());
            CHECK(made.issued);
            CHECK(std::holds_alternative<code_replayed>(written(*memory, [n](transaction& t) {
                return t.codes().redeem(code_number(n).code_hash, noon);
            })));
        }
    }
    const auto records = seen(*memory, [](transaction& t) { return t.audit().read(0, 1'000); });
    REQUIRE(records.size() == static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
        CHECK(records[static_cast<std::size_t>(i)].record == audit_record_number(i));
    // What was not forwarded never counted; what the server had answered always did.
    CHECK(here.count("void") >= rounds);
    CHECK(here.count("kept") >= rounds);
    CHECK(here.count("void") + here.count("kept") == static_cast<std::size_t>(n));
}

TEST_CASE("of a commit that nobody answered all units learn the same, whatever one of them does") {
    through_proxy here;
    const auto memory = here.open();
    for (const auto where : {cut::before_commit, cut::before_answer}) {
        const int base = where == cut::before_commit ? 100 : 200;
        io_thread io;
        std::vector<std::future<result<void, store_error>>> waiting;
        {
            held_writer held(*memory);
            for (int n = base; n < base + 20; ++n) {
                auto put = [n](transaction& t) {
                    t.codes().put(code_number(n));
                    if (n % 10 == 5) throw n;
                };
                waiting.push_back(io.start(write_once(*memory, put)));
            }
            while (memory->statistics().waiting < waiting.size()) std::this_thread::yield();
            here.proxy.cut_next(where);  // the holder's commit is the next
        }
        int n = base;
        for (auto& one : waiting) {
            if (n % 10 == 5) {
                CHECK_THROWS_AS(one.get(), int);
            } else {
                CHECK(one.get());
            }
            const auto found = written(*memory, [n](transaction& t) {
                return t.codes().redeem(code_number(n).code_hash, noon);
            });
            CHECK(std::holds_alternative<issued_code>(found) == (n % 10 != 5));
            ++n;
        }
    }
}

TEST_CASE("an idle connection that was closed behind our back costs nobody an error") {
    through_proxy here;
    const auto memory = here.open();
    for (int n = 0; n < 5; ++n) {
        here.proxy.hang_up();
        while (!here.proxy.has_hung_up()) std::this_thread::yield();

        CHECK(memory->write_now([n](transaction& t) { t.codes().put(code_number(n)); }));
        CHECK(memory->read_now([](transaction& t) { (void)t.audit().last_link(); }));
    }
}

TEST_CASE("packets that vanish end in an error in time, and work goes on once they pass again") {
    through_proxy here;
    const auto memory = here.open({.connecting = 300ms, .answering = 700ms, .deciding = 500ms});
    written(*memory, [](transaction& t) { t.codes().put(code_number(1)); });

    here.proxy.swallow(true);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(memory->write_now([](transaction& t) { t.codes().put(code_number(2)); }).error() ==
          store_error::unavailable);
    CHECK(memory->read_now([](transaction& t) { (void)t.audit().last_link(); }).error() ==
          store_error::unavailable);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    here.proxy.swallow(false);

    result<void, store_error> done = store_error::unavailable;
    for (int attempt = 0; attempt < 20 && !done; ++attempt)
        done = memory->write_now([](transaction& t) { t.codes().put(code_number(3)); });
    CHECK(done);
    CHECK(std::holds_alternative<code_unknown>(written(
        *memory, [](transaction& t) { return t.codes().redeem(code_number(2).code_hash, noon); })));
}

TEST_CASE("a server that restarts is found again without a restart of ours") {
    through_proxy here;
    const auto memory = here.open();
    written(*memory, [](transaction& t) { t.codes().put(code_number(1)); });

    here.server.stop();
    CHECK(memory->write_now([](transaction& t) { t.codes().put(code_number(2)); }).error() ==
          store_error::unavailable);
    here.server.start();

    result<void, store_error> done = store_error::unavailable;
    for (int attempt = 0; attempt < 50 && !done; ++attempt)
        done = memory->write_now([](transaction& t) { t.codes().put(code_number(2)); });
    CHECK(done);
    CHECK(std::holds_alternative<issued_code>(written(
        *memory, [](transaction& t) { return t.codes().redeem(code_number(1).code_hash, noon); })));
}

TEST_CASE("a session that an operator ends, and a server that turns read-only, are left in time") {
    through_proxy here;
    const auto memory = here.open();
    written(*memory, [](transaction& t) { t.codes().put(code_number(1)); });

    here.server.sql(here.database,
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                    " application_name = 'kommpass'");
    CHECK(memory->write_now([](transaction& t) { t.codes().put(code_number(2)); }));

    here.server.sql(here.database,
                    "ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf()");
    // Whether the setting has arrived is asked of the server, not waited for.
    while (here.server.sql(here.database, "SHOW default_transaction_read_only") != "on")
        std::this_thread::yield();
    here.proxy.hang_up();
    while (!here.proxy.has_hung_up()) std::this_thread::yield();
    CHECK(memory->write_now([](transaction& t) { t.codes().put(code_number(3)); }).error() ==
          store_error::unavailable);
    here.server.sql(here.database,
                    "SET default_transaction_read_only = off;"
                    "ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf()");
    while (here.server.sql(here.database, "SHOW default_transaction_read_only") != "off")
        std::this_thread::yield();
    result<void, store_error> done = store_error::unavailable;
    for (int attempt = 0; attempt < 50 && !done; ++attempt)
        done = memory->write_now([](transaction& t) { t.codes().put(code_number(3)); });
    CHECK(done);
}
