#include "idp/store/guess_counts.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/waiting.hpp"

#include <array>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

const instant noon = from_unix_seconds(1'800'000'000);

guess_difference wrong_of(std::string name, long long number) {
    return {.name = std::move(name), .wrong = number, .since_wrong = 0ms, .kept_for = 30min};
}

guess_count add(store& memory, guess_difference d, instant at = noon) {
    return written(memory, [=](transaction& t) {
        auto& counts = guess_counts(t);
        return counts.add(d, at, counts.next_version());
    });
}

guess_count found(store& memory, const std::string& name, instant at = noon) {
    return seen(memory, [=](transaction& t) { return guess_counts(t).find(name, at); });
}

guess_counts_seen changed(store& memory, long long version, std::size_t limit = 100) {
    return seen(memory, [=](transaction& t) {
        return guess_counts(t).changed_since(version, limit, noon);
    });
}

}  // namespace

TEST_CASE("what several nodes have counted of an account adds up") {
    on_every_engine([](store& memory) {
        CHECK(found(memory, "anna").wrong == 0);
        CHECK(add(memory, wrong_of("anna", 2)).wrong == 2);
        auto known = wrong_of("anna", 1);
        known.wrong_of_known = 1;
        known.since_of_known = 5s;
        const auto sum = add(memory, known);
        CHECK(sum.wrong == 3);
        CHECK(sum.wrong_of_known == 1);
        CHECK(sum.since_of_known == 5s);
        CHECK(found(memory, "anna", noon + 10s).since_wrong == 10s);
        CHECK(found(memory, "bernd").wrong == 0);
    });
}

TEST_CASE("what is forgiven goes from the sum, and nothing goes below zero") {
    on_every_engine([](store& memory) {
        add(memory, wrong_of("anna", 3));
        CHECK(add(memory, wrong_of("anna", -2)).wrong == 1);
        CHECK(add(memory, wrong_of("anna", -5)).wrong == 0);
        CHECK(add(memory, wrong_of("anna", 1)).wrong == 1);
    });
}

TEST_CASE("a count is over when its time has passed since the last wrong password") {
    on_every_engine([](store& memory) {
        add(memory, wrong_of("anna", 3));
        CHECK(found(memory, "anna", noon + 30min - 1ms).wrong == 3);
        CHECK(found(memory, "anna", noon + 30min).wrong == 0);
        // A place that was reserved meanwhile keeps the row, not what is over.
        add(memory, {.name = "anna", .running = 1, .kept_for = 30min}, noon + 29min);
        CHECK(add(memory, wrong_of("anna", 1), noon + 31min).wrong == 2);  // the place was lost
    });
}

TEST_CASE("a place that its node never gave back counts as a wrong password after a minute") {
    on_every_engine([](store& memory) {
        CHECK(add(memory, {.name = "anna", .running = 2, .kept_for = 30min}).running == 2);
        CHECK(found(memory, "anna", noon + 59s).running == 2);
        CHECK(found(memory, "anna", noon + 60s).running == 0);
        CHECK(found(memory, "anna", noon + 60s).wrong == 2);
        const guess_difference late{.name = "anna", .running = -2, .kept_for = 30min};
        CHECK(add(memory, late, noon + 61s).wrong == 2);
        CHECK(found(memory, "anna", noon + 62s).running == 0);
    });
}

TEST_CASE("a node reads what has changed since it last looked, and a page ends with a whole unit") {
    on_every_engine([](store& memory) {
        CHECK(changed(memory, 0).rows.empty());
        add(memory, wrong_of("anna", 1));
        const auto first = changed(memory, 0);
        REQUIRE(first.rows.size() == 1);
        CHECK(first.rows.front().name == "anna");
        CHECK(changed(memory, first.version).rows.empty());
        written(memory, [](transaction& t) {
            auto& counts = guess_counts(t);
            const auto version = counts.next_version();
            for (const auto* name : {"bernd", "carla", "dieter"})
                counts.add(wrong_of(name, 1), noon, version);
        });
        add(memory, wrong_of("anna", 1));
        const auto part = changed(memory, first.version, 2);
        CHECK(part.rows.size() == 2);
        CHECK(part.version == first.version);  // the unit goes on behind the page
        CHECK(changed(memory, part.version, 4).rows.size() == 4);
        CHECK(changed(memory, changed(memory, part.version).version).rows.empty());
    });
}

TEST_CASE("a name may be any bytes") {
    on_every_engine([](store& memory) {
        const std::string bytes("l\0\xff\x80'\"\\", 7);
        add(memory, wrong_of(bytes, 1));
        CHECK(found(memory, bytes).wrong == 1);
        CHECK(changed(memory, 0).rows.front().name == bytes);
        CHECK_THROWS_AS((void)memory.write_now(
                            [](transaction& t) { guess_counts(t).add(wrong_of("", 1), noon, 1); }),
                        std::invalid_argument);
    });
}

TEST_CASE("additions of many nodes at once lose nothing") {
    on_every_engine([](store& memory) {
        std::array<std::thread, 8> nodes;
        for (auto& node : nodes) {
            node = std::thread([&memory] {
                for (int i = 0; i < 10; ++i) add(memory, wrong_of("anna", 1));
            });
        }
        for (auto& node : nodes) node.join();
        CHECK(found(memory, "anna").wrong == 80);
    });
}

TEST_CASE("nodes know how many others live, until one leaves or is silent") {
    on_every_engine([](store& memory) {
        const auto says = [&](const char* node, instant at) {
            written(memory, [=](transaction& t) { guess_counts(t).node_lives_on(node, at); });
        };
        const auto beside = [&](const char* node, instant at) {
            return seen(memory, [=](transaction& t) {
                return guess_counts(t).nodes_beside(node, at).size();
            });
        };
        CHECK(beside("a", noon) == 0);
        says("a", noon);
        says("b", noon);
        says("c", noon + 20s);
        CHECK(beside("a", noon + 20s) == 2);
        CHECK(beside("a", noon + 30s) == 1);
        written(memory, [](transaction& t) { guess_counts(t).node_left("c"); });
        CHECK(beside("a", noon + 30s) == 0);
    });
}

TEST_CASE("a sweep takes the counts that are over") {
    on_every_engine([](store& memory) {
        add(memory, wrong_of("anna", 1));
        const auto at = [&](instant now) {
            return written(memory, [=](transaction& t) { return t.sweep(now); });
        };
        CHECK(at(noon + 30min) == 0);
        CHECK(at(noon + 30min + 1ms) == 1);
        CHECK(changed(memory, 0).rows.empty());
    });
}
