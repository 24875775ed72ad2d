// Several nodes on one store: who runs what only one may run.
#include "idp/store/leases.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/tasks/workshop.hpp"

using namespace kommpass;
using namespace kommpass::idp;
using namespace kommpass::idp::tasks;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

task exclusive(counted& one, std::chrono::seconds period) {
    auto what = one.every(period);
    what.once_for_all_nodes = true;
    return what;
}

bool holds(workshop& at, long long fence) {
    bool held = false;
    const auto look = [&](store::transaction& t) {
        held = t.leases().holds(lease_name("counted"), fence, at.time.now());
    };
    REQUIRE(at.memory->read_now(look));
    return held;
}

}  // namespace

TEST_CASE("of two nodes on one store one runs the task, period after period") {
    workshop at;
    counted of_a;
    counted of_b;
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({exclusive(of_a, 60s)});
    b->start({exclusive(of_b, 60s)});

    for (int second = 0; second < 300; ++second) {
        at.look(*a);
        at.look(*b);
        at.time.turn(1s);
    }

    CHECK(of_a.runs == 5);
    CHECK(of_b.runs == 0);
    CHECK(a->fence_of("counted") == 1);
    CHECK_FALSE(b->fence_of("counted"));
    CHECK(at.logged("task.taken") == 1);

    at.end(*a);
    at.end(*b);
}

TEST_CASE("a task that every node runs asks for no lease") {
    workshop at;
    counted of_a;
    counted of_b;
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({of_a.every(60s)});
    b->start({of_b.every(60s)});

    at.look(*a);
    at.look(*b);

    CHECK(of_a.runs == 1);
    CHECK(of_b.runs == 1);

    at.end(*a);
    at.end(*b);
}

TEST_CASE("another node takes over when the lease is over, with a higher fence") {
    workshop at;
    counted of_a;
    counted of_b;
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({exclusive(of_a, 60s)});
    b->start({exclusive(of_b, 60s)});
    at.look(*a);
    at.look(*b);

    int seconds = 0;  // a is frozen
    for (; of_b.runs == 0 && seconds < 200; ++seconds) {
        at.time.turn(1s);
        at.look(*b);
    }

    CHECK(seconds >= 120);
    CHECK(seconds <= 131);
    CHECK(b->fence_of("counted") == 2);
    CHECK_FALSE(holds(at, 1));
    CHECK(holds(at, 2));
    at.look(*a);  // and comes back
    CHECK(of_a.runs == 1);
    CHECK_FALSE(a->fence_of("counted"));
    CHECK(at.logged("task.lost") == 1);

    at.end(*a);
    at.end(*b);
}

TEST_CASE(
    "what goes on between the runs ends when the lease has gone to another, and at the stop") {
    workshop at;
    counted of_a;
    counted of_b;
    int let_go_by_a = 0;
    int let_go_by_b = 0;
    auto watch_of_a = exclusive(of_a, 1s);
    auto watch_of_b = exclusive(of_b, 1s);
    watch_of_a.let_go = [&] { ++let_go_by_a; };
    watch_of_b.let_go = [&] { ++let_go_by_b; };
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({watch_of_a});
    b->start({watch_of_b});
    at.look(*a);
    at.look(*b);

    at.time.turn(61s);  // a is frozen
    at.look(*b);
    CHECK(let_go_by_a == 0);
    CHECK(let_go_by_b == 0);
    at.look(*a);
    CHECK(let_go_by_a == 1);

    at.end(*a);
    at.end(*b);
    CHECK(let_go_by_b == 1);
}

TEST_CASE("a node whose lease comes back lets go of what it began under the one before") {
    workshop at;
    counted of_a;
    counted of_b;
    int let_go = 0;
    auto watch = exclusive(of_a, 1s);
    watch.let_go = [&] { ++let_go; };
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({watch});
    b->start({exclusive(of_b, 1s)});
    at.look(*a);
    at.time.turn(61s);
    at.look(*b);
    at.time.turn(61s);  // b is gone, and a wakes up without ever having been refused

    at.look(*a);

    CHECK(a->fence_of("counted") == 3);
    CHECK(let_go == 1);

    at.end(*a);
    at.end(*b);
}

TEST_CASE("a node that is started again goes on at once") {
    workshop at;
    counted one;
    {
        const auto before = at.node("a");
        before->start({exclusive(one, 60s)});
        at.look(*before);
        at.end(*before);
    }
    const auto after = at.node("a");
    after->start({exclusive(one, 60s)});

    at.look(*after);

    CHECK(one.runs == 2);
    CHECK(after->fence_of("counted") == 1);

    at.end(*after);
}

TEST_CASE("a task that runs longer than its lease keeps it") {
    workshop at;
    gate held(at.io);
    task slow{.name = "counted",
              .every = 1s,
              .once_for_all_nodes = true,
              .run = [&]() -> boost::asio::awaitable<progress> {
                  co_await held.passed();
                  co_return progress::done();
              }};
    counted of_b;
    const auto a = at.node("a");
    const auto b = at.node("b");
    a->start({slow});
    b->start({exclusive(of_b, 1s)});
    a->look();
    at.run_until([&] { return a->fence_of("counted").has_value(); });

    for (int second = 0; second < 120; ++second) {
        at.time.turn(1s);
        a->look();
        at.look(*b);
        at.run_until([&] { return holds(at, 1); });
    }

    CHECK(of_b.runs == 0);
    held.open();
    at.run_until([&] { return a->running() == 0; });

    at.end(*a);
    at.end(*b);
}

TEST_CASE("without the store nobody runs what only one may run, and it is told once") {
    workshop at;
    counted one;
    counted other;
    const auto node = at.node("a");
    node->start({exclusive(one, 10s), other.every(10s, 0s, "other")});
    at.memory->stop();

    for (int n = 0; n < 3; ++n) {
        at.look(*node);
        at.time.turn(10s);
    }

    CHECK(one.runs == 0);
    CHECK(other.runs == 3);
    CHECK(at.logged("task.failed") == 1);

    at.end(*node);
}
