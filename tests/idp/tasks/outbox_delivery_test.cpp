#include "idp/tasks/outbox_delivery.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/tasks/workshop.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp;
using namespace kommpass::idp::tasks;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr delivery_settings quick{.most_at_once = 4,
                                  .attempts = 3,
                                  .waits = {.first_wait = 10s, .longest_wait = 100s},
                                  .attempt_deadline = 50ms};

// The applications that are told, and what each of them answers.
struct receivers {
    using answer = std::function<boost::asio::awaitable<delivery>(const store::outbox_entry&)>;
    std::map<std::string, answer> by_lane;  // others take all that comes
    std::vector<std::string> came;          // payloads, in order

    receiver all() {
        return [this](const store::outbox_entry& entry) -> boost::asio::awaitable<delivery> {
            came.push_back(entry.payload_json);
            const auto own = by_lane.find(entry.lane);
            if (own == by_lane.end()) co_return delivered{};
            auto work = own->second(entry);
            co_return co_await std::move(work);
        };
    }
    void answers(const std::string& lane, delivery with) {
        by_lane[lane] = [with](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
            co_return with;
        };
    }
};

// A node that delivers the topic "told".
struct delivering_node {
    workshop& at;
    system_randomness random;
    receivers told{};
    std::unique_ptr<scheduler> tasks;
    outbox_delivery outbox;

    explicit delivering_node(workshop& in, delivery_settings settings = quick,
                             const std::string& name = "a")
        : at(in),
          tasks(in.node(name)),
          outbox(in.io, *tasks, *in.memory, in.time, random, in.log, settings) {
        outbox.deliver("told", told.all());
        tasks->start({outbox.as_task()});
    }
    ~delivering_node() { end(); }
    void end() {
        tasks->stop();
        settle();
        at.end(*tasks);
    }

    // One look, and all that follows from it until nothing is in flight.
    void look() {
        tasks->look();
        settle();
    }
    void settle() {
        at.run_until([&] { return tasks->running() == 0 && outbox.in_flight() == 0; });
    }
};

long long put(workshop& at, const std::string& lane, const std::string& payload,
              const std::string& topic = "told") {
    long long sequence = 0;
    const auto work = [&](store::transaction& t) {
        sequence = t.outbox().put(topic, lane, payload, at.time.now());
    };
    REQUIRE(at.memory->write_now(work));
    return sequence;
}

std::optional<store::outbox_entry> found(workshop& at, long long sequence) {
    std::optional<store::outbox_entry> one;
    const auto work = [&](store::transaction& t) { one = t.outbox().find(sequence); };
    REQUIRE(at.memory->read_now(work));
    return one;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("what is in the outbox is delivered in the order of its lane, and leaves it") {
    workshop at;
    delivering_node node(at);
    std::array<long long, 9> all{};
    for (std::size_t n = 0; n < all.size(); ++n) {
        const std::string lane = n % 2 == 0 ? "dms" : "mail";
        all[n] = put(at, lane, lane.front() + std::to_string(n));
    }

    node.look();

    texts to_dms;
    std::ranges::copy_if(node.told.came, std::back_inserter(to_dms),
                         [](const auto& text) { return text.starts_with('d'); });
    CHECK(to_dms == texts{"d0", "d2", "d4", "d6", "d8"});
    CHECK(node.told.came.size() == 9);
    for (const auto one : all) CHECK_FALSE(found(at, one));
}

TEST_CASE("a topic that nobody delivers waits in the store") {
    workshop at;
    delivering_node node(at);
    const auto other = put(at, "dms", "{}", "of-a-newer-version");

    node.look();

    CHECK(node.told.came.empty());
    CHECK(found(at, other)->attempts == 0);
}

TEST_CASE("a lane that hangs delays nobody else, and its attempt ends at the deadline") {
    workshop at;
    delivering_node node(at);
    gate never_opened(at.io);
    node.told.by_lane["hangs"] =
        [&](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
        co_await never_opened.passed();
        co_return delivered{};
    };
    const auto hanging = put(at, "hangs", "h1");
    put(at, "hangs", "h2");
    for (int n = 0; n < 20; ++n) put(at, "lane-" + std::to_string(n), "x");

    node.tasks->look();
    at.run_until([&] { return node.told.came.size() == 21; });
    node.settle();

    CHECK(std::ranges::count(node.told.came, "h1") == 1);
    CHECK(std::ranges::count(node.told.came, "h2") == 0);
    const auto kept = found(at, hanging);
    REQUIRE(kept);
    CHECK(kept->attempts == 1);
    CHECK(kept->last_error == "no answer within 50 ms");
    CHECK(at.logged("outbox.postponed") == 1);
}

TEST_CASE("an entry in flight is not handed out again, and more lanes wait than are allowed") {
    workshop at;
    auto patient = quick;
    patient.attempt_deadline = 1min;
    delivering_node node(at, patient);
    gate held(at.io);
    for (int n = 0; n < 6; ++n) {
        const auto lane = std::to_string(n);
        node.told.by_lane[lane] =
            [&](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
            co_await held.passed();
            co_return delivered{};
        };
        put(at, lane, "to " + lane);
    }

    for (int n = 0; n < 5; ++n) {
        at.look(*node.tasks);
        at.time.turn(1s);
    }
    at.run_until([&] { return node.told.came.size() == 4; });
    std::ranges::sort(node.told.came);
    CHECK(node.told.came == texts{"to 0", "to 1", "to 2", "to 3"});
    CHECK(node.outbox.in_flight() == 4);
    held.open();
    node.settle();

    CHECK(node.told.came.size() == 6);
}

TEST_CASE("a receiver that cannot be cancelled is believed when it ends after its deadline") {
    workshop at;
    delivering_node node(at);
    node.told.by_lane["slow"] =
        [&](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
        // Work on another thread, as far as this coroutine can tell.
        auto wait = [](store::transaction&) { std::this_thread::sleep_for(200ms); };
        (void)co_await at.memory->write(wait);
        co_return delivered{};
    };
    const auto slow = put(at, "slow", "once");

    node.look();
    at.time.turn(1h);
    node.look();

    CHECK(node.told.came == texts{"once"});
    CHECK_FALSE(found(at, slow));
}

TEST_CASE("a failed attempt waits longer each time, and after the last one it is a dead letter") {
    workshop at;
    delivering_node node(at);
    node.told.answers("dms", again{"status 503"});
    const auto first = put(at, "dms", "1");
    const auto second = put(at, "dms", "2");

    node.look();
    const auto once = found(at, first);
    REQUIRE(once);
    CHECK(once->attempts == 1);
    CHECK(once->due_at >= at.time.now() + 10s);
    CHECK(once->due_at <= at.time.now() + 20s);
    at.time.turn(9s);
    node.look();
    CHECK(found(at, first)->attempts == 1);
    at.time.turn(11s);
    node.look();
    const auto twice = found(at, first);
    CHECK(twice->attempts == 2);
    CHECK(twice->due_at >= at.time.now() + 20s);
    CHECK(node.told.came == texts{"1", "1"});
    at.time.turn(40s);
    node.look();

    const auto dead = found(at, first);
    REQUIRE(dead);
    CHECK(dead->attempts == 3);
    CHECK(dead->dead_at == at.time.now());
    CHECK(dead->last_error == "status 503");
    CHECK(at.logged("outbox.dead_letter") == 1);
    CHECK(node.told.came == texts{"1", "1", "1", "2"});  // its lane goes on
    CHECK(found(at, second)->attempts == 1);
}

TEST_CASE("what is refused for good is a dead letter at once, and goes out when it is revived") {
    workshop at;
    delivering_node node(at);
    node.told.answers("dms", never{"status 400"});
    const auto first = put(at, "dms", "1");
    node.look();
    CHECK(found(at, first)->dead_at == at.time.now());
    CHECK(found(at, first)->last_error == "status 400");

    node.told.by_lane.clear();
    const auto revive = [&](store::transaction& t) { t.outbox().revive(first, at.time.now()); };
    REQUIRE(at.memory->write_now(revive));
    node.tasks->run_soon(outbox_delivery::task_name);
    node.settle();

    CHECK(node.told.came == texts{"1", "1"});
    CHECK_FALSE(found(at, first));
}

TEST_CASE("the receiver's wish to wait is heeded up to the longest wait") {
    workshop at;
    delivering_node node(at);
    node.told.answers("dms", again{"status 429", at.time.now() + 90s});
    node.told.answers("mail", again{"status 429", at.time.now() + 24h});
    const auto modest = put(at, "dms", "1");
    const auto greedy = put(at, "mail", "1");

    node.look();

    CHECK(found(at, modest)->due_at == at.time.now() + 90s);
    CHECK(found(at, greedy)->due_at == at.time.now() + 100s);
}

TEST_CASE("a receiver that throws is a bug, counts as a failed attempt and harms no other") {
    workshop at;
    delivering_node node(at);
    node.told.by_lane["dms"] = [](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
        throw std::logic_error("a bug");
        co_return delivered{};
    };
    const auto first = put(at, "dms", "1");
    put(at, "mail", "2");

    node.look();

    CHECK(node.told.came.size() == 2);
    CHECK(found(at, first)->attempts == 1);
    CHECK(at.logged("outbox.receiver_threw") == 1);
}

TEST_CASE("a restart keeps order and attempts") {
    workshop at;
    const auto first = put(at, "dms", "1");
    put(at, "dms", "2");
    {
        delivering_node before(at);
        before.told.answers("dms", again{"status 503"});
        before.look();
    }
    at.memory.reset();
    at.memory = at.folder.open();
    delivering_node after(at);

    after.look();
    CHECK(after.told.came.empty());
    CHECK(found(at, first)->attempts == 1);
    at.time.turn(20s);
    after.look();

    CHECK(after.told.came == texts{"1", "2"});
}

TEST_CASE("of two nodes one delivers, and the other goes on when it is gone") {
    workshop at;
    delivering_node a(at, quick, "a");
    delivering_node b(at, quick, "b");
    put(at, "dms", "1");
    a.look();
    b.look();
    CHECK(a.told.came == texts{"1"});
    CHECK(b.told.came.empty());

    put(at, "dms", "2");
    at.time.turn(lease_length(b.outbox.as_task()));
    b.look();

    CHECK(b.told.came == texts{"2"});
    CHECK(*b.tasks->fence_of("outbox") > *a.tasks->fence_of("outbox"));
}

TEST_CASE("after a stop nothing is handed out any more, and what is in flight is noted") {
    workshop at;
    delivering_node node(at);
    gate held(at.io);
    node.told.by_lane["dms"] = [&](const store::outbox_entry&) -> boost::asio::awaitable<delivery> {
        co_await held.passed();
        co_return delivered{};
    };
    const auto first = put(at, "dms", "1");
    const auto second = put(at, "dms", "2");
    node.tasks->look();
    at.run_until([&] { return node.told.came.size() == 1; });

    node.tasks->stop();
    held.open();
    node.end();

    CHECK_FALSE(found(at, first));
    CHECK(found(at, second));
    CHECK(node.told.came.size() == 1);
}

TEST_CASE(
    "an outcome that the store cannot take is kept in mind, and nothing is sent twice for it") {
    workshop at;
    delivering_node node(at);
    const auto first = put(at, "dms", "1");
    at.folder.sql(
        "CREATE TRIGGER refuse BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END");
    node.tasks->look();
    at.run_until([&] { return at.logged("outbox.not_kept") == 1; });
    for (int n = 0; n < 5; ++n) {
        at.look(*node.tasks);
        at.time.turn(1s);
    }
    CHECK(found(at, first));

    at.folder.sql("DROP TRIGGER refuse");
    node.settle();

    CHECK_FALSE(found(at, first));
    CHECK(node.told.came == texts{"1"});
}

TEST_CASE(
    "a node that slept between reading an entry and sending it leaves it to who has the lease") {
    workshop at;
    delivering_node a(at);
    a.look();  // has the lease
    const auto sequence = put(at, "dms", "signed out");

    // Another one has the lease since, as while this one slept; its own clock has not noticed.
    std::optional<long long> fence;
    REQUIRE(at.memory->write_now([&](store::transaction& t) {
        t.leases().release(lease_name("outbox"), "a");
        fence = t.leases().take(lease_name("outbox"), "b", at.time.now(), at.time.now() + 1min);
    }));
    REQUIRE(fence == 2);
    at.time.turn(1s);
    a.look();

    CHECK(a.told.came.empty());
    CHECK(found(at, sequence));
    CHECK(a.outbox.in_flight() == 0);
}
