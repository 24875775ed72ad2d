// With the machine's own time, since an engine with a server of its own uses that server's clock.
#include "idp/store/leases.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/waiting.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

instant now() { return system_clock().now(); }

using fence = std::optional<long long>;

fence take(store& memory, const char* holder, std::chrono::milliseconds length = 1h,
           const char* name = "task.outbox") {
    return written(memory, [=](transaction& t) {
        return t.leases().take(name, holder, now(), now() + length);
    });
}

bool holds(store& memory, fence number, const char* name = "task.outbox") {
    return seen(memory, [=](transaction& t) { return t.leases().holds(name, *number, now()); });
}

// Takes it as soon as it can be had.
fence take_when_over(store& memory, const char* holder) {
    for (int attempt = 0; attempt < 500; ++attempt) {
        if (const auto got = take(memory, holder)) return got;
        std::this_thread::sleep_for(10ms);
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("a lease is given to one holder, who renews it under the same fence") {
    on_every_engine([](store& memory) {
        const auto first = take(memory, "a");

        REQUIRE(first);
        CHECK(*first >= 1);
        CHECK_FALSE(take(memory, "b"));
        CHECK(take(memory, "a") == first);
        CHECK(holds(memory, first));
        CHECK_FALSE(holds(memory, *first + 1));
    });
}

TEST_CASE("leases of different names have nothing to do with each other") {
    on_every_engine([](store& memory) {
        const auto one = take(memory, "a");
        const auto other = take(memory, "b", 1h, "task.sweep");

        CHECK(holds(memory, one));
        CHECK(holds(memory, other, "task.sweep"));
        CHECK_FALSE(holds(memory, 1, "task.never-taken"));
    });
}

TEST_CASE("a lease that is over is taken over with a higher fence, and the old one holds no more") {
    on_every_engine([](store& memory) {
        const auto old = take(memory, "a", 50ms);
        REQUIRE(old);

        const auto next = take_when_over(memory, "b");

        REQUIRE(next);
        CHECK(*next > *old);
        CHECK_FALSE(holds(memory, old));
        CHECK(holds(memory, next));
        CHECK_FALSE(take(memory, "a"));
    });
}

TEST_CASE("a lease that is over holds no more, even before somebody else takes it") {
    on_every_engine([](store& memory) {
        const auto old = take(memory, "a", 50ms);
        for (int attempt = 0; attempt < 500 && holds(memory, old); ++attempt)
            std::this_thread::sleep_for(10ms);

        CHECK_FALSE(holds(memory, old));
        CHECK(take(memory, "a") == old);  // nobody was there in between
        CHECK(holds(memory, old));
    });
}

TEST_CASE("a released lease is free at once, and only its holder releases it") {
    on_every_engine([](store& memory) {
        const auto release = [&](const char* holder) {
            return written(
                memory, [=](transaction& t) { return t.leases().release("task.outbox", holder); });
        };
        const auto first = take(memory, "a");
        REQUIRE(first);

        CHECK_FALSE(release("b"));
        CHECK(holds(memory, first));
        CHECK(release("a"));
        CHECK_FALSE(holds(memory, first));
        CHECK_FALSE(release("a"));
        const auto next = take(memory, "a");
        REQUIRE(next);
        CHECK(*next > *first);
        CHECK(holds(memory, next));
    });
}

TEST_CASE("a lease that a unit of work took goes with the unit of work") {
    on_every_engine([](store& memory) {
        const auto failing = [](transaction& t) {
            t.leases().take("task.outbox", "a", now(), now() + 1h);
            throw std::logic_error("a bug");
        };
        CHECK_THROWS_AS((void)memory.write_now(failing), std::logic_error);

        CHECK(take(memory, "b"));
    });
}

TEST_CASE("a lease without a name, a holder or a length is a bug") {
    on_every_engine([](store& memory) {
        CHECK_THROWS_AS((void)memory.write_now(
                            [](transaction& t) { t.leases().take("", "a", now(), now() + 1h); }),
                        std::invalid_argument);
        CHECK_THROWS_AS((void)memory.write_now(
                            [](transaction& t) { t.leases().take("x", "", now(), now() + 1h); }),
                        std::invalid_argument);
        CHECK_THROWS_AS((void)memory.write_now([](transaction& t) {
            const auto at = now();
            t.leases().take("x", "a", at, at);
        }),
                        std::invalid_argument);
    });
}

TEST_CASE("of those who ask for a free lease at the same time one gets it") {
    on_every_engine([](store& memory) {
        std::array<io_thread, 2> io;
        for (int round = 0; round < 50; ++round) {
            const auto name = "task." + std::to_string(round);
            const auto asked_by = [&](const char* holder) {
                return [name, holder](transaction& t) {
                    return t.leases().take(name, holder, now(), now() + 1h);
                };
            };
            auto one = io[0].start(write_once(memory, asked_by("a")));
            auto other = io[1].start(write_once(memory, asked_by("b")));
            const auto got = std::array{*one.get(), *other.get()};

            CHECK(std::ranges::count_if(got, [](const fence& f) { return f.has_value(); }) == 1);
        }
    });
}

TEST_CASE("the shared time is the server's, and the caller's where there is none") {
    for (const auto& engine : engines()) {
        INFO("engine: ", engine.name);
        const auto memory = engine.open_empty({});
        const auto wrong = now() - 48h;
        const auto asked = now();
        const auto shared =
            seen(*memory, [=](transaction& t) { return t.leases().shared_time(wrong); });
        if (engine.name == "SQLite")
            CHECK(shared == wrong);
        else
            CHECK(shared >= asked - 1s);
    }
}
