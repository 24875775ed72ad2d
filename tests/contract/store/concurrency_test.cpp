#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

#include <algorithm>
#include <array>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

auto redemption(int n) {
    return [n](transaction& t) { return t.codes().redeem(code_number(n).code_hash, noon); };
}

auto rotate_to(int n, const std::string& next) {
    return [n, next](transaction& t) {
        const auto f = family_number(n);
        return t.families().rotate(f.given.family,
                                   {f.current_hash, next, "seed", 1, {noon}, "{}", noon});
    };
}

// Writes a record and looks for it at once, again and again.
boost::asio::awaitable<int> count_unseen(store& memory, int first, int last) {
    int unseen = 0;
    for (int n = first; n < last; ++n) {
        auto put = [n](transaction& t) { t.sessions().put(session_number(n)); };
        const auto done = co_await memory.write(put);
        auto look = [n](transaction& t) {
            return t.sessions().find("session-" + std::to_string(n)).has_value();
        };
        const auto found = co_await memory.read(look);
        if (!done || !found || !*found) ++unseen;
    }
    co_return unseen;
}

}  // namespace

TEST_CASE("of two redemptions of one code at the same time exactly one wins") {
    on_every_engine([](store& memory) {
        constexpr int codes = 100;
        written(memory, [](transaction& t) {
            for (int n = 0; n < codes; ++n) t.codes().put(code_number(n));
        });
        std::array<io_thread, 2> io;

        for (int n = 0; n < codes; ++n) {
            auto one = io[0].start(write_once(memory, redemption(n)));
            auto other = io[1].start(write_once(memory, redemption(n)));
            const auto answers = std::array{*one.get(), *other.get()};

            CHECK(std::ranges::count_if(answers, [](const auto& a) {
                      return std::holds_alternative<issued_code>(a);
                  }) == 1);
            CHECK(std::ranges::count_if(answers, [](const auto& a) {
                      return std::holds_alternative<code_replayed>(a);
                  }) == 1);
        }
    });
}

TEST_CASE("of two rotations of one token at the same time exactly one wins") {
    on_every_engine([](store& memory) {
        constexpr int families = 100;
        written(memory, [](transaction& t) {
            for (int n = 0; n < families; ++n) t.families().put(family_number(n));
        });
        std::array<io_thread, 2> io;

        for (int n = 0; n < families; ++n) {
            auto one = io[0].start(write_once(memory, rotate_to(n, hash_of("one"))));
            auto other = io[1].start(write_once(memory, rotate_to(n, hash_of("other"))));
            const bool one_won = *one.get();
            const bool other_won = *other.get();

            CHECK(one_won != other_won);
            const auto kept = seen(memory, [n](transaction& t) {
                return t.families().find("family-" + std::to_string(n));
            });
            CHECK(kept->current_hash == hash_of(one_won ? "one" : "other"));
        }
    });
}

TEST_CASE("a read sees every write that was acknowledged before") {
    on_every_engine([](store& memory) {
        std::array<io_thread, 2> io;
        std::vector<std::future<int>> running;
        for (int k = 0; k < 16; ++k)
            running.push_back(io[static_cast<std::size_t>(k) % io.size()].start(
                count_unseen(memory, k * 1000, k * 1000 + 25)));

        for (auto& one : running) CHECK(one.get() == 0);
    });
}

TEST_CASE("writes that wait together are made durable together") {
    on_every_engine([](store& memory) {
        io_thread io;
        std::vector<std::future<result<void, store_error>>> waiting;
        held_writer held(memory);
        const auto before = memory.statistics();
        for (int n = 0; n < 200; ++n)
            waiting.push_back(io.start(write_once(
                memory, [n](transaction& t) { t.audit().append(audit_record_number(n)); })));
        while (memory.statistics().waiting < waiting.size()) std::this_thread::yield();

        held.let_go();
        for (auto& one : waiting) REQUIRE(one.get());

        const auto after = memory.statistics();
        CHECK(after.writes - before.writes == 201);  // with the one that held the writer
        CHECK(after.commits - before.commits <= 10);
    });
}

TEST_CASE("a batch has a bound, and everything beyond it is done in the next") {
    on_every_engine({.largest_batch = 16}, [](store& memory) {
        io_thread io;
        std::vector<std::future<result<void, store_error>>> waiting;
        held_writer held(memory);
        for (int n = 0; n < 100; ++n)
            waiting.push_back(io.start(write_once(
                memory, [n](transaction& t) { t.audit().append(audit_record_number(n)); })));
        while (memory.statistics().waiting < waiting.size()) std::this_thread::yield();

        held.let_go();
        for (auto& one : waiting) REQUIRE(one.get());

        CHECK(memory.statistics().commits >= 7);
        CHECK(seen(memory, [](transaction& t) { return t.audit().read(0, 1000); }).size() == 100);
    });
}
