#include "idp/store/codes.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

auto redemption(const issued_code& c, instant now) {
    return [hash = c.code_hash, now](transaction& t) { return t.codes().redeem(hash, now); };
}

}  // namespace

TEST_CASE("a code gives what was put in, once") {
    on_every_engine([](store& memory) {
        const auto c = code_number(1);
        written(memory, [&](transaction& t) {
            t.codes().put(code_number(2));
            t.codes().put(c);
        });

        const auto taken = written(memory, redemption(c, noon));

        REQUIRE(std::holds_alternative<issued_code>(taken));
        CHECK(std::get<issued_code>(taken) == c);
    });
}

TEST_CASE("every later redemption names the family to revoke, until the code would have expired") {
    on_every_engine([](store& memory) {
        const auto c = code_number(1);
        written(memory, [&](transaction& t) { t.codes().put(c); });
        written(memory, redemption(c, noon));

        for (const auto later : {noon, noon + 59s}) {
            const auto replay = written(memory, redemption(c, later));
            REQUIRE(std::holds_alternative<code_replayed>(replay));
            CHECK(std::get<code_replayed>(replay).family == c.given.family);
        }
        CHECK(std::holds_alternative<code_unknown>(written(memory, redemption(c, c.expires_at))));
    });
}

TEST_CASE("an expired code is unknown") {
    on_every_engine([](store& memory) {
        const auto c = code_number(1);
        written(memory, [&](transaction& t) { t.codes().put(c); });

        CHECK(std::holds_alternative<code_unknown>(written(memory, redemption(c, c.expires_at))));
    });
}

TEST_CASE("a code that nobody issued is unknown, even if all but its last byte agrees") {
    on_every_engine([](store& memory) {
        auto c = code_number(1);
        written(memory, [&](transaction& t) { t.codes().put(c); });
        c.code_hash.back() = static_cast<char>(c.code_hash.back() ^ 1);

        CHECK(std::holds_alternative<code_unknown>(written(memory, redemption(c, noon))));
    });
}
