#include "idp/store/replays.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("an id is fresh once in its scope, and scopes are apart") {
    on_every_engine([](store& memory) {
        const auto use = [](const char* scope, const char* id) {
            return [=](transaction& t) { return t.replays().first_use(scope, id, noon + 1min); };
        };

        CHECK(written(memory, use("assertion dms", "a")));
        CHECK_FALSE(written(memory, use("assertion dms", "a")));
        CHECK(written(memory, use("assertion mail", "a")));
        CHECK(written(memory, use("assertion dms", "b")));
    });
}

TEST_CASE("an id becomes fresh again when it is forgotten") {
    on_every_engine([](store& memory) {
        const auto use = [](transaction& t) { return t.replays().first_use("s", "a", noon); };
        REQUIRE(written(memory, use));

        written(memory, [](transaction& t) { return t.sweep(noon + 1ms); });

        CHECK(written(memory, use));
    });
}
