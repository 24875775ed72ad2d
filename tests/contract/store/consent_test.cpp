#include "idp/store/consents.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("a consent is found for its person and client until it is withdrawn") {
    on_every_engine([](store& memory) {
        const person_id anna("p1");
        const client_id dms("dms-web");
        const consent given{anna, dms, {"openid", "email"}, noon, {"phone_number", "roles"}};
        const auto look = [&](transaction& t) { return t.consents().find(anna, dms); };
        written(memory, [&](transaction& t) { t.consents().put(given); });

        CHECK(seen(memory, look) == given);
        CHECK_FALSE(seen(
            memory, [&](transaction& t) { return t.consents().find(anna, client_id("mail")); }));

        written(memory, [&](transaction& t) { t.consents().withdraw(anna, dms); });
        CHECK_FALSE(seen(memory, look));
    });
}

TEST_CASE("a later consent takes the place of the earlier one") {
    on_every_engine([](store& memory) {
        const consent later{
            person_id("p1"), client_id("dms-web"), {"openid"}, noon + 1h, {"roles"}};
        written(memory, [&](transaction& t) {
            auto earlier = later;
            earlier.scope = {"openid", "email"};
            earlier.claims = {"name"};
            earlier.given_at = noon;
            t.consents().put(earlier);
        });

        written(memory, [&](transaction& t) { t.consents().put(later); });

        CHECK(seen(memory, [&](transaction& t) {
                  return t.consents().find(later.person, later.client);
              }) == later);
    });
}
