#include "tests/idp/tasks/workshop.hpp"

#include <stdexcept>

using namespace kommpass;
using namespace kommpass::idp;
using namespace kommpass::idp::tasks;
using namespace kommpass::tests;
using namespace std::chrono_literals;

TEST_CASE("a task runs when it is due, and a period later again") {
    workshop at;
    counted one;
    const auto node = at.node("a");
    node->start({one.every(60s, 5s)});

    at.look(*node);
    CHECK(one.runs == 0);
    at.time.turn(5s);
    at.look(*node);
    at.look(*node);
    CHECK(one.runs == 1);
    at.time.turn(60s - 1ms);
    at.look(*node);
    CHECK(one.runs == 1);
    at.time.turn(1ms);
    at.look(*node);
    CHECK(one.runs == 2);

    at.end(*node);
}

TEST_CASE("the scheduler looks by itself") {
    workshop at;
    counted one;
    scheduler node(at.io, *at.memory, at.time, at.log, "a", 5ms);
    node.start({one.every(60s)});

    at.run_until([&] { return one.runs == 1; });
    at.time.turn(60s);
    at.run_until([&] { return one.runs == 2; });

    at.end(node);
}

TEST_CASE("a slow task delays no other, and is not begun beside itself") {
    workshop at;
    gate held(at.io);
    int slow_runs = 0;
    task slow{.name = "slow", .every = 1s, .run = [&]() -> boost::asio::awaitable<progress> {
                  ++slow_runs;
                  co_await held.passed();
                  co_return progress::done();
              }};
    counted quick;
    const auto node = at.node("a");
    node->start({slow, quick.every(1s)});

    for (int n = 1; n <= 5; ++n) {
        node->look();
        at.run_until([&] { return quick.runs == n && node->running() == 1; });
        at.time.turn(1s);
    }
    CHECK(slow_runs == 1);
    held.open();
    at.run_until([&] { return node->running() == 0; });
    at.look(*node);
    CHECK(slow_runs == 2);

    at.end(*node);
}

TEST_CASE("a task that says that more waits runs again at the next look") {
    workshop at;
    counted one;
    one.ends = progress::more();
    const auto node = at.node("a");
    node->start({one.every(1h)});

    at.look(*node);
    at.look(*node);
    CHECK(one.runs == 2);
    one.ends = progress::done();
    at.look(*node);
    at.look(*node);
    CHECK(one.runs == 3);

    at.end(*node);
}

TEST_CASE("a failing task is tried again each period, and logged once for each reason") {
    workshop at;
    counted one;
    const auto node = at.node("a");
    node->start({one.every(10s)});
    const auto run_twice = [&](const progress& ends) {
        one.ends = ends;
        for (int n = 0; n < 2; ++n) {
            at.look(*node);
            at.look(*node);
            at.time.turn(10s);
        }
    };

    run_twice(progress::failed("the disk is full"));
    CHECK(one.runs == 2);
    CHECK(at.logged("task.failed") == 1);
    run_twice(progress::failed("the disk is gone"));
    CHECK(at.logged("task.failed") == 2);
    CHECK(at.logged("task.works_again") == 0);
    run_twice(progress::done());
    CHECK(at.logged("task.works_again") == 1);
    run_twice(progress::failed("the disk is gone"));
    CHECK(at.logged("task.failed") == 3);

    at.end(*node);
}

TEST_CASE("what a task throws is logged as a failure and ends nothing but this run") {
    workshop at;
    int runs = 0;
    task throwing{
        .name = "throwing", .every = 1s, .run = [&]() -> boost::asio::awaitable<progress> {
            ++runs;
            throw std::logic_error("a bug");
            co_return progress::done();
        }};
    task throwing_at_once{.name = "at-once",
                          .every = 1s,
                          .run = [&]() -> boost::asio::awaitable<progress> { throw 7; }};
    counted other;
    const auto node = at.node("a");
    node->start({throwing, throwing_at_once, other.every(1s)});

    at.look(*node);
    at.time.turn(1s);
    at.look(*node);

    CHECK(runs == 2);
    CHECK(other.runs == 2);
    CHECK(at.logged("task.failed") == 2);

    at.end(*node);
}

TEST_CASE("run_soon runs a task before its time, and once more when it runs already") {
    workshop at;
    gate held(at.io);
    int runs = 0;
    task one{.name = "one",
             .every = 1h,
             .first_after = 1h,
             .run = [&]() -> boost::asio::awaitable<progress> {
                 ++runs;
                 co_await held.passed();
                 co_return progress::done();
             }};
    const auto node = at.node("a");
    node->start({one});

    node->run_soon("nobody");
    node->run_soon("one");
    at.run_until([&] { return runs == 1; });
    node->run_soon("one");
    node->run_soon("one");
    held.open();
    at.run_until([&] { return node->running() == 0; });
    CHECK(runs == 2);

    at.end(*node);
}

TEST_CASE("after a stop no task begins, and what runs comes to its end") {
    workshop at;
    gate held(at.io);
    bool begun = false;
    bool ended = false;
    task one{.name = "one", .every = 1s, .run = [&]() -> boost::asio::awaitable<progress> {
                 begun = true;
                 co_await held.passed();
                 ended = true;
                 co_return progress::done();
             }};
    counted other;
    const auto node = at.node("a");
    node->start({one, other.every(1s, 1s, "other")});
    node->look();
    at.run_until([&] { return begun; });

    node->run_soon("one");
    node->stop();
    at.time.turn(1h);
    node->look();
    node->run_soon("other");
    held.open();
    at.end(*node);

    CHECK(ended);
    CHECK(other.runs == 0);
    CHECK(node->running() == 0);
}

TEST_CASE("a clock that is set back makes nobody wait longer than a period") {
    workshop at;
    counted one;
    const auto node = at.node("a");
    node->start({one.every(60s)});
    at.look(*node);

    at.time.turn(-24h);
    at.look(*node);
    CHECK(one.runs == 1);
    at.time.turn(60s);
    at.look(*node);
    CHECK(one.runs == 2);

    at.end(*node);
}

TEST_CASE("a task without a name of its own, a period or a run is refused at the start") {
    workshop at;
    counted one;
    const auto node = at.node("a");
    auto without_run = one.every(1s);
    without_run.run = nullptr;

    CHECK_THROWS_AS(node->start({one.every(1s), one.every(2s)}), std::invalid_argument);
    CHECK_THROWS_AS(node->start({one.every(1s, 0s, "")}), std::invalid_argument);
    CHECK_THROWS_AS(node->start({one.every(0s)}), std::invalid_argument);
    CHECK_THROWS_AS(node->start({without_run}), std::invalid_argument);
}
