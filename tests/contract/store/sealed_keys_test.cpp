#include "idp/store/sealed_keys.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/waiting.hpp"

#include <array>
#include <atomic>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using kommpass::idp::store::store;

namespace {

bool put(store& memory, long long predecessor, const std::string& sealed) {
    return written(memory, [=](transaction& t) { return sealed_keys(t).put(predecessor, sealed); });
}

std::optional<sealed_key_set> found(store& memory) {
    return seen(memory, [](transaction& t) { return sealed_keys(t).find(); });
}

long long version(store& memory) {
    return seen(memory, [](transaction& t) { return sealed_keys(t).version(); });
}

}  // namespace

TEST_CASE("an empty store has no signing keys, and the first set is version 1") {
    on_every_engine([](store& memory) {
        CHECK(version(memory) == 0);
        CHECK_FALSE(found(memory));
        CHECK(put(memory, 0, "first"));
        REQUIRE(found(memory));
        CHECK(found(memory)->version == 1);
        CHECK(found(memory)->sealed == "first");
        CHECK(version(memory) == 1);
    });
}

TEST_CASE("a set of signing keys changes only from the version that the writer has seen") {
    on_every_engine([](store& memory) {
        CHECK_FALSE(put(memory, 1, "out of nothing"));
        REQUIRE(put(memory, 0, "first"));
        CHECK_FALSE(put(memory, 0, "another first"));
        CHECK(put(memory, 1, "second"));
        CHECK_FALSE(put(memory, 1, "late"));
        CHECK(found(memory)->version == 2);
        CHECK(found(memory)->sealed == "second");
    });
}

TEST_CASE("of many nodes that make the first set at once one has made it") {
    on_every_engine([](store& memory) {
        std::atomic<int> made{0};
        std::array<std::thread, 8> nodes;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            nodes[i] = std::thread([&, name = "of node " + std::to_string(i)] {
                bool mine = false;
                if (memory.write_now([&](transaction& t) { mine = sealed_keys(t).put(0, name); }) &&
                    mine)
                    ++made;
            });
        }
        for (auto& one : nodes) one.join();
        CHECK(made == 1);
        CHECK(version(memory) == 1);
    });
}
