#include "idp/store/audit_log.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("audit records come back in the order of their writing, page by page") {
    on_every_engine([](store& memory) {
        for (int n = 1; n <= 5; ++n)
            written(memory, [n](transaction& t) { t.audit().append(audit_record_number(n)); });

        const auto first = seen(memory, [](transaction& t) { return t.audit().read(0, 3); });
        const auto rest = seen(
            memory, [&](transaction& t) { return t.audit().read(first.back().sequence, 100); });

        REQUIRE(first.size() == 3);
        REQUIRE(rest.size() == 2);
        CHECK(first[0].record == audit_record_number(1));
        CHECK(rest[0].record == audit_record_number(4));
        CHECK(rest[1].sequence == first[0].sequence + 4);
    });
}

TEST_CASE("an audit record with hardly anything known is kept as it is") {
    on_every_engine([](store& memory) {
        audit_record bare;
        bare.at = noon;
        bare.event = "sign_in.failure";
        bare.result = "no such member";
        written(memory, [&](transaction& t) { t.audit().append(bare); });

        const auto all = seen(memory, [](transaction& t) { return t.audit().read(0, 10); });

        REQUIRE(all.size() == 1);
        CHECK(all[0].record == bare);
    });
}
