#include "idp/store/audit_log.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

#include <atomic>
#include <stdexcept>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("a coroutine gets its result, on its own thread, after the write") {
    on_every_engine([](store& memory) {
        io_thread io;
        const auto act = [](store& m) -> boost::asio::awaitable<bool> {
            const auto before = std::this_thread::get_id();
            auto make = [](transaction& t) {
                t.sessions().put(session_number(1));
                return 42;
            };
            const auto done = co_await m.write(make);
            auto look = [](transaction& t) { return t.sessions().find("session-1"); };
            const auto found = co_await m.read(look);
            co_return done&&* done == 42 && found&&* found == session_number(1) &&
                std::this_thread::get_id() == before;
        };

        CHECK(io.start(act(memory)).get());
    });
}

TEST_CASE("a unit of work that throws is undone as a whole, and throws where it is awaited") {
    on_every_engine([](store& memory) {
        io_thread io;
        auto failing = write_once(memory, [](transaction& t) {
            t.sessions().put(session_number(1));
            t.audit().append(audit_record_number(1));
            throw std::logic_error("a bug");
        });

        CHECK_THROWS_AS(io.start(std::move(failing)).get(), std::logic_error);

        CHECK_FALSE(seen(memory, [](transaction& t) { return t.sessions().find("session-1"); }));
        CHECK(seen(memory, [](transaction& t) { return t.audit().read(0, 9); }).empty());
    });
}

TEST_CASE("a unit of work that throws costs the others of its commit nothing") {
    on_every_engine([](store& memory) {
        io_thread io;
        held_writer held(memory);
        const auto put = [](int n) {
            return [n](transaction& t) {
                t.sessions().put(session_number(n));
                if (n % 10 == 5) throw n;
            };
        };
        std::vector<std::future<result<void, store_error>>> waiting;
        for (int n = 0; n < 50; ++n) waiting.push_back(io.start(write_once(memory, put(n))));
        while (memory.statistics().waiting < waiting.size()) std::this_thread::yield();

        held.let_go();

        for (int n = 0; n < 50; ++n) {
            auto& one = waiting[static_cast<std::size_t>(n)];
            if (n % 10 == 5) {
                CHECK_THROWS_AS(one.get(), int);
            } else {
                CHECK(one.get());
            }
            const auto found = seen(memory, [n](transaction& t) {
                return t.sessions().find("session-" + std::to_string(n));
            });
            CHECK(found.has_value() == (n % 10 != 5));
        }
    });
}

TEST_CASE("a read that throws harms nobody after it") {
    on_every_engine([](store& memory) {
        CHECK_THROWS_AS(
            (void)memory.read_now([](transaction&) { throw std::logic_error("a bug"); }),
            std::logic_error);
        CHECK(seen(memory, [](transaction& t) { return t.revisions().latest_number(); }) == 0);
    });
}

TEST_CASE("a read cannot write") {
    on_every_engine([](store& memory) {
        CHECK_THROWS_AS(
            (void)memory.read_now([](transaction& t) { t.sessions().put(session_number(1)); }),
            std::invalid_argument);
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.sessions().find("session-1"); }));
    });
}

TEST_CASE("work beyond the bound is refused at once as overload, and what waits is still done") {
    on_every_engine({.waiting_bound = 8}, [](store& memory) {
        io_thread io;
        std::vector<std::future<result<void, store_error>>> waiting;
        std::atomic<int> performed = 0;
        const auto count = [&](transaction&) { ++performed; };
        std::size_t refused = 0;
        {
            held_writer held(memory);
            for (int n = 0; n < 20; ++n) waiting.push_back(io.start(write_once(memory, count)));
            for (std::size_t n = 8; n < 20; ++n)
                if (waiting[n].get().error() == store_error::overloaded) ++refused;
        }

        for (std::size_t n = 0; n < 8; ++n) CHECK(waiting[n].get());
        CHECK(refused == 12);
        CHECK(memory.statistics().refused == 12);
        CHECK(performed == 8);
        CHECK(memory.write_now(count));
    });
}

TEST_CASE("a stop performs what waits, and later work finds the store unavailable") {
    on_every_engine([](store& memory) {
        io_thread io;
        std::vector<std::future<result<void, store_error>>> waiting;
        {
            held_writer held(memory);
            for (int n = 0; n < 30; ++n) {
                auto put = [n](transaction& t) { t.sessions().put(session_number(n)); };
                waiting.push_back(io.start(write_once(memory, put)));
            }
            while (memory.statistics().waiting < waiting.size()) std::this_thread::yield();
        }

        memory.stop();
        memory.stop();

        for (auto& one : waiting) CHECK(one.get());
        const auto nothing = [](transaction&) {};
        CHECK(io.start(write_once(memory, nothing)).get().error() == store_error::unavailable);
        CHECK(memory.read_now(nothing).error() == store_error::unavailable);
    });
}
