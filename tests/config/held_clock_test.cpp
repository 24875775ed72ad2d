// Nothing ends because a clock jumped.
#include "config/vocabulary/held_clock.hpp"

#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>

#include <atomic>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

class turned_passing final : public passing_time {
public:
    [[nodiscard]] std::chrono::milliseconds passed() const noexcept override {
        return std::chrono::milliseconds{passed_.load()};
    }
    void turn(std::chrono::milliseconds by) noexcept { passed_ += by.count(); }

private:
    std::atomic<std::chrono::milliseconds::rep> passed_{77'000};
};

struct machine {
    turned_clock wall;
    turned_passing passing;
    held_clock time{wall, passing};

    void pass(std::chrono::milliseconds by) {
        wall.turn(by);
        passing.turn(by);
    }
    // As the service does, which asks at least each second.
    void pass_asking(std::chrono::seconds by) {
        for (auto left = by; left > 0s; left -= 1s) {
            pass(1s);
            (void)time.now();
        }
    }
};

}  // namespace

TEST_CASE("a clock that moves as time passes is what it says") {
    machine here;
    const auto begun = here.wall.now();
    here.pass(36h);
    CHECK(here.time.now() == begun + 36h);
    CHECK_FALSE(here.time.ahead().has_value());
}

TEST_CASE("a clock that jumps ahead for 14 s and back: time goes on as if nothing had been") {
    for (const auto jump : {2 * 24h, 100 * 24h, 1h}) {
        machine here;
        const auto begun = here.time.now();
        here.pass(10s);
        here.wall.turn(jump);
        CHECK(here.time.now() == begun + 10s);
        REQUIRE(here.time.ahead().has_value());
        CHECK(*here.time.ahead() == jump);
        here.pass_asking(14s);
        CHECK(here.time.now() == begun + 24s);
        here.wall.turn(-jump);
        CHECK(here.time.now() == begun + 24s);
        CHECK_FALSE(here.time.ahead().has_value());
    }
}

TEST_CASE("a clock that jumps back is held as well") {
    machine here;
    const auto begun = here.time.now();
    here.wall.turn(-48h);
    here.pass_asking(10s);
    CHECK(here.time.now() == begun + 10s);
    CHECK(*here.time.ahead() == -48h);
}

TEST_CASE("a clock that is corrected bit by bit is followed, and never held") {
    machine here;
    for (int i = 0; i < 1000; ++i) {
        here.pass(60s);
        here.wall.turn(50s);
        CHECK(here.time.now() == here.wall.now());
        CHECK_FALSE(here.time.ahead().has_value());
    }
}

TEST_CASE("where it stays as long as it jumped, it is believed; never at once, never after a day") {
    CHECK(held_clock::hold_for(3min) == 5min);
    CHECK(held_clock::hold_for(-1h) == 1h);
    CHECK(held_clock::hold_for(100 * 24h) == 6h);
    machine here;
    here.wall.turn(10min);
    here.pass_asking(9min);
    CHECK(here.time.ahead().has_value());
    here.pass_asking(2min);
    CHECK_FALSE(here.time.ahead().has_value());
    CHECK(here.time.now() == here.wall.now());
}

TEST_CASE("a clock that jumps on and on is not believed for having been wrong long enough") {
    machine here;
    const auto begun = here.time.now();
    for (int i = 0; i < 20; ++i) {
        here.wall.turn(1h);
        here.pass_asking(4min);
    }
    CHECK(here.time.ahead().has_value());
    CHECK(here.time.now() == begun + 80min);
}

TEST_CASE("whoever has looked at it accepts it at once") {
    machine here;
    here.wall.turn(48h);
    (void)here.time.now();
    here.time.accept();
    CHECK(here.time.now() == here.wall.now());
    CHECK_FALSE(here.time.ahead().has_value());
}

TEST_CASE("a start with a clock before the newest record goes on from there until it is set") {
    machine here;
    const auto newest = here.wall.now() + 3 * 24h;
    here.time.begin_no_earlier_than(newest);
    CHECK(here.time.now() == newest);
    here.pass_asking(10s);
    CHECK(here.time.now() == newest + 10s);
    CHECK(*here.time.ahead() == -3 * 24h);
    // Set right: days after the newest record, since nobody was there over the weekend.
    here.wall.turn(5 * 24h);
    CHECK(here.time.now() == here.wall.now());
    CHECK_FALSE(here.time.ahead().has_value());
}

TEST_CASE("a record of a moment ago, or from before, is no reason to hold") {
    machine here;
    here.time.begin_no_earlier_than(here.wall.now() + 30s);
    here.time.begin_no_earlier_than(here.wall.now() - 100 * 24h);
    CHECK(here.time.now() == here.wall.now());
    CHECK_FALSE(here.time.ahead().has_value());
}
