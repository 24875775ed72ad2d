#include "idp/login/throttle.hpp"

#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace kommpass;
using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using idp::login::throttle;

namespace {

const auto town_hall = make_address("192.0.2.10");
const auto elsewhere = make_address("198.51.100.7");

void fail_times(throttle& t, unsigned times, std::string_view account,
                const boost::asio::ip::address& from) {
    for (unsigned i = 0; i < times; ++i) t.failed(account, from);
}

}  // namespace

TEST_CASE("the free attempts of an account cost no waiting") {
    const tests::turned_clock time;
    throttle t({}, time);

    for (int attempt = 0; attempt < 4; ++attempt) {
        CHECK(t.wait_for("lebus\nanna", town_hall) == 0ms);
        t.failed("lebus\nanna", town_hall);
    }

    CHECK(t.wait_for("lebus\nanna", town_hall) == 2s);
}

TEST_CASE("each further failure doubles the wait, up to the longest") {
    tests::turned_clock time;
    throttle t({}, time);
    fail_times(t, 4, "a", town_hall);
    const std::vector<std::chrono::milliseconds> expected{2s,   4s,   8s,   16s,  32s, 64s,
                                                          128s, 256s, 512s, 900s, 900s};

    for (const auto wait : expected) {
        CHECK(t.wait_for("a", town_hall) == wait);
        time.turn(wait - 1ms);
        CHECK(t.wait_for("a", town_hall) == 1ms);
        time.turn(1ms);
        CHECK(t.wait_for("a", town_hall) == 0ms);
        t.failed("a", town_hall);
    }
}

TEST_CASE("an account is slowed from wherever it is tried, and no other account with it") {
    const tests::turned_clock time;
    throttle t({}, time);

    fail_times(t, 5, "lebus\nanna", town_hall);

    CHECK(t.wait_for("lebus\nanna", elsewhere) > 0ms);
    CHECK(t.wait_for("lebus\nbernd", town_hall) == 0ms);
}

TEST_CASE("a right password clears the account") {
    const tests::turned_clock time;
    throttle t({}, time);
    fail_times(t, 4, "a", town_hall);

    t.succeeded("a", town_hall);

    CHECK(t.wait_for("a", town_hall) == 0ms);
    t.failed("a", town_hall);
    CHECK(t.wait_for("a", town_hall) == 0ms);
}

TEST_CASE("an address that guesses at many accounts is slowed for all of them") {
    const tests::turned_clock time;
    throttle t({}, time);

    for (int i = 0; i < 50; ++i) t.failed("account " + std::to_string(i), elsewhere);

    CHECK(t.wait_for("one more", elsewhere) == 2s);
    CHECK(t.wait_for("one more", town_hall) == 0ms);
}

TEST_CASE("one good sign-in takes one failure off its address, not all") {
    const tests::turned_clock time;
    throttle t({}, time);
    for (int i = 0; i < 51; ++i) t.failed("account " + std::to_string(i), town_hall);

    t.succeeded("other", town_hall);
    CHECK(t.wait_for("one more", town_hall) == 2s);
    t.succeeded("other", town_hall);
    CHECK(t.wait_for("one more", town_hall) == 0ms);
}

TEST_CASE("IPv6 addresses of one /64 network count as one") {
    const tests::turned_clock time;
    throttle t({}, time);

    for (int i = 0; i < 50; ++i) {
        t.failed("account " + std::to_string(i),
                 make_address("2001:db8:1:2::" + std::to_string(i + 1)));
    }

    CHECK(t.wait_for("one more", make_address("2001:db8:1:2:ffff::1")) > 0ms);
    CHECK(t.wait_for("one more", make_address("2001:db8:1:3::1")) == 0ms);
}

TEST_CASE("failures are forgotten after a quiet time") {
    tests::turned_clock time;
    throttle t({}, time);
    fail_times(t, 12, "a", town_hall);

    time.turn(30min);

    CHECK(t.wait_for("a", town_hall) == 0ms);
    t.failed("a", town_hall);
    CHECK(t.wait_for("a", town_hall) == 0ms);
}

TEST_CASE("a burst of attempts at once is not free of charge once one has failed") {
    const tests::turned_clock time;
    throttle t({}, time);
    REQUIRE(t.wait_for("a", town_hall) == 0ms);
    t.failed("a", town_hall);

    unsigned let_through = 0;
    for (int i = 0; i < 100; ++i) let_through += t.wait_for("a", elsewhere) == 0ms ? 1 : 0;

    CHECK(let_through == 3);
}

TEST_CASE("many right sign-ins of one account at once do not hinder each other") {
    const tests::turned_clock time;
    throttle t({}, time);

    unsigned let_through = 0;
    for (int i = 0; i < 200; ++i) let_through += t.wait_for("a", town_hall) == 0ms ? 1 : 0;

    CHECK(let_through == 200);
}

TEST_CASE("attempts of which no outcome is told are forgotten") {
    tests::turned_clock time;
    throttle t({}, time);
    t.failed("a", town_hall);
    for (int i = 0; i < 3; ++i) REQUIRE(t.wait_for("a", town_hall) == 0ms);
    REQUIRE(t.wait_for("a", town_hall) > 0ms);

    time.turn(30s);

    CHECK(t.wait_for("a", town_hall) == 0ms);
}

TEST_CASE("a flood of invented names does not wipe out what is known of an address") {
    const tests::turned_clock time;
    throttle t({}, time);

    for (int i = 0; i < 100'000; ++i) t.failed("invented " + std::to_string(i), elsewhere);

    CHECK(t.wait_for("anna", elsewhere) == 15min);
}

TEST_CASE("threads may use one throttle together") {
    const tests::turned_clock time;
    throttle t({}, time);
    std::vector<std::thread> threads;

    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&t, i] {
            const auto account = "account " + std::to_string(i % 2);
            for (int n = 0; n < 500; ++n) {
                t.failed(account, town_hall);
                static_cast<void>(t.wait_for(account, town_hall));
            }
        });
    }
    for (auto& thread : threads) thread.join();

    CHECK(t.wait_for("account 0", elsewhere) == 15min);
    CHECK(t.wait_for("account 2", town_hall) == 15min);
}
