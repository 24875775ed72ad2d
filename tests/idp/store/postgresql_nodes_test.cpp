// Several nodes, each with several connections, on one database.
#include "idp/store/audit_chain.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"
#include "tests/support/postgresql_server.hpp"

#include <array>
#include <future>
#include <latch>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

struct three_nodes {
    postgresql_server server;
    std::string database = server.new_database();
    std::array<std::unique_ptr<store>, 3> nodes{node(), node(), node()};

    std::unique_ptr<store> node() {
        auto opened = open_postgresql_store(database);
        REQUIRE_MESSAGE(opened, opened.error());
        return std::move(*opened);
    }
};

}  // namespace

TEST_CASE("of redemptions of one code at three nodes one wins, and the log stays one chain") {
    three_nodes here;
    constexpr int codes = 40;
    written(*here.nodes[0], [](transaction& t) {
        for (int n = 0; n < codes; ++n) t.codes().put(code_number(n));
    });
    std::array<io_thread, 3> io;
    for (int n = 0; n < codes; ++n) {
        std::vector<std::future<result<bool, store_error>>> asked;
        for (std::size_t at = 0; at < 3; ++at) {
            auto redeem = [n](transaction& t) {
                t.audit().append(audit_record_number(n));
                return std::holds_alternative<issued_code>(
                    t.codes().redeem(code_number(n).code_hash, noon));
            };
            asked.push_back(io[at].start(write_once(*here.nodes[at], redeem)));
        }
        int won = 0;
        for (auto& one : asked) won += *one.get() ? 1 : 0;
        CHECK(won == 1);
    }
    const auto chain =
        seen(*here.nodes[1], [](transaction& t) { return t.audit().read_chain(0, 3 * codes + 1); });
    REQUIRE(chain.size() == 3 * codes);
    auto previous = chain_beginning();
    for (std::size_t at = 0; at < chain.size(); ++at) {
        CHECK(chain[at].sequence == static_cast<long long>(at) + 1);
        CHECK(chain[at].previous_hash == previous);
        previous = chain[at].hash;
    }
}

TEST_CASE("of changes at three nodes on the same revision one is taken") {
    three_nodes here;
    std::array<io_thread, 3> io;
    for (long long n = 0; n < 20; ++n) {
        std::vector<std::future<result<std::optional<long long>, store_error>>> asked;
        for (std::size_t at = 0; at < 3; ++at) {
            auto append = [n](transaction& t) {
                return t.revisions().append(n, {0, noon, "c.schulze", "weil", "{}"});
            };
            asked.push_back(io[at].start(write_once(*here.nodes[at], append)));
        }
        int taken = 0;
        for (auto& one : asked) taken += (*one.get()).has_value() ? 1 : 0;
        CHECK(taken == 1);
    }
}

TEST_CASE("what one node has acknowledged the others see") {
    three_nodes here;
    for (int n = 0; n < 60; ++n) {
        auto& at = *here.nodes[static_cast<std::size_t>(n) % 3];
        auto& there = *here.nodes[static_cast<std::size_t>(n + 1) % 3];
        written(at, [n](transaction& t) { t.sessions().put(session_number(n)); });
        CHECK(seen(there, [n](transaction& t) { return t.sessions().find(session_number(n).id); }));
    }
}

TEST_CASE("a lease goes by the server's clock, however wrong a node's own is") {
    three_nodes here;
    const auto ahead = system_clock().now() + 24h;
    const auto behind = system_clock().now() - 24h;
    const auto take = [&](std::size_t at, const char* holder, instant its_now) {
        return written(*here.nodes[at], [=](transaction& t) {
            return t.leases().take("task.outbox", holder, its_now, its_now + 1h);
        });
    };
    const auto first = take(0, "a", behind);
    REQUIRE(first);
    CHECK_FALSE(take(1, "b", ahead));
    CHECK(seen(*here.nodes[2],
               [&](transaction& t) { return t.leases().holds("task.outbox", *first, ahead); }));
}

TEST_CASE("a node that stops in the middle of a transaction holds the others up for seconds only") {
    three_nodes here;
    // What a stopped process leaves: a session that has its turn and says nothing more.
    std::latch others_went_on(1);
    const auto stuck = std::async(std::launch::async, [&] {
        return here.nodes[0]->write_now([&](transaction& t) {
            t.sessions().put(session_number(1));
            others_went_on.wait();
        });
    });
    while (here.nodes[0]->statistics().waiting > 0) std::this_thread::yield();

    const auto begun = std::chrono::steady_clock::now();
    result<void, store_error> done = store_error::unavailable;
    while (!done && std::chrono::steady_clock::now() - begun < 30s)
        done =
            here.nodes[1]->write_now([](transaction& t) { t.sessions().put(session_number(2)); });
    others_went_on.count_down();

    CHECK(done);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

// A browser may send any bytes as its name.
TEST_CASE("text that is no UTF-8 is kept as well as it can be, and the log still fits together") {
    three_nodes here;
    auto s = session_number(1);
    s.user_agent = std::string("Mo\xffzilla\0/5", 11);
    auto record = audit_record_number(1);
    record.address = "\xfe";
    record.result = std::string("a\0b", 3);
    written(*here.nodes[0], [&](transaction& t) {
        t.sessions().put(s);
        t.audit().append(record);
    });
    const auto kept = seen(*here.nodes[1], [&](transaction& t) { return t.sessions().find(s.id); });
    REQUIRE(kept);
    CHECK(kept->user_agent == "Mo\xEF\xBF\xBDzilla\xEF\xBF\xBD/5");
    const auto chain =
        seen(*here.nodes[1], [](transaction& t) { return t.audit().read_chain(0, 2); });
    REQUIRE(chain.size() == 1);
    CHECK(chain[0].content_digest == content_digest(chain[0].record, chain[0].address_digest));
    CHECK(chain[0].address_digest == address_digest(chain[0].salt, chain[0].record.address));
}
