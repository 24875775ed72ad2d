#include "idp/store/persons.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("a directory entry seen for the first time becomes a person with the candidate's id") {
    on_every_engine([](store& memory) {
        const member_slug lebus("lebus");
        const directory_id entry("entry-1");

        const auto made = written(memory, [&](transaction& t) {
            return t.persons().ensure(lebus, entry, person_id("p1"), noon);
        });

        CHECK(made == person{person_id("p1"), lebus, entry, noon});
        CHECK(seen(memory, [&](transaction& t) { return t.persons().find(person_id("p1")); }) ==
              made);
        CHECK(seen(memory, [&](transaction& t) { return t.persons().find(lebus, entry); }) == made);
    });
}

TEST_CASE("a person keeps id and first day, whatever candidate comes later") {
    on_every_engine([](store& memory) {
        const auto ensure = [](const char* candidate, instant now) {
            return [=](transaction& t) {
                return t.persons().ensure(member_slug("lebus"), directory_id("entry-1"),
                                          person_id(candidate), now);
            };
        };
        const auto first = written(memory, ensure("p1", noon));

        const auto second = written(memory, ensure("p2", noon + 24h));

        CHECK(second == first);
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.persons().find(person_id("p2")); }));
    });
}

TEST_CASE("the same directory id in two members means two persons") {
    on_every_engine([](store& memory) {
        const directory_id entry("entry-1");
        const auto [one, other] = written(memory, [&](transaction& t) {
            return std::pair(
                t.persons().ensure(member_slug("lebus"), entry, person_id("p1"), noon),
                t.persons().ensure(member_slug("seelow"), entry, person_id("p2"), noon));
        });

        CHECK(one.id != other.id);
        CHECK_FALSE(seen(memory, [&](transaction& t) {
            return t.persons().find(member_slug("golzow"), entry);
        }));
    });
}
