#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"
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

std::size_t sweep_all(store& memory, instant now) {
    std::size_t all = 0;
    while (const auto gone = written(memory, [=](transaction& t) { return t.sweep(now); }))
        all += gone;
    return all;
}

}  // namespace

TEST_CASE("a sweep takes what expired before now and leaves the rest") {
    on_every_engine([](store& memory) {
        auto s = session_number(2);
        auto c = code_number(2);
        auto f = family_number(2);
        s.expires_at = c.expires_at = f.expires_at = noon;
        written(memory, [&](transaction& t) {
            t.sessions().put(session_number(1));
            t.sessions().put(s);
            t.sessions().add_client(session_number(1).id, client_id("dms-web"));
            t.sessions().add_client(s.id, client_id("dms-web"));
            t.codes().put(code_number(1));
            t.codes().put(c);
            t.families().put(family_number(1));
            t.families().put(f);
            t.families().revoke_access_token("young", noon + 1s);
            t.families().revoke_access_token("old", noon);
            t.replays().first_use("s", "young", noon + 1s);
            t.replays().first_use("s", "old", noon);
            t.audit().append(audit_record_number(1));
        });

        CHECK(sweep_all(memory, noon) == 0);
        CHECK(sweep_all(memory, noon + 1ms) == 5);

        CHECK(memory.write_now([&](transaction& t) {
            CHECK(t.sessions().find(session_number(1).id));
            CHECK_FALSE(t.sessions().find(s.id));
            CHECK(t.sessions().clients_of(session_number(1).id).size() == 1);
            CHECK(t.sessions().clients_of(s.id).empty());
            CHECK(t.families().find("family-1"));
            CHECK_FALSE(t.families().find("family-2"));
            CHECK(t.families().access_token_revoked("young"));
            CHECK_FALSE(t.families().access_token_revoked("old"));
            CHECK_FALSE(t.replays().first_use("s", "young", noon));
            CHECK(t.replays().first_use("s", "old", noon));
            CHECK(std::holds_alternative<issued_code>(
                t.codes().redeem(code_number(1).code_hash, noon)));
            CHECK(t.audit().read(0, 10).size() == 1);
        }));
    });
}

TEST_CASE("a used code stays through the sweep until it would have expired") {
    on_every_engine([](store& memory) {
        const auto c = code_number(1);
        written(memory, [&](transaction& t) {
            t.codes().put(c);
            t.codes().redeem(c.code_hash, noon);
        });

        CHECK(sweep_all(memory, c.expires_at - 1ms) == 0);

        CHECK(std::holds_alternative<code_replayed>(
            written(memory, [&](transaction& t) { return t.codes().redeem(c.code_hash, noon); })));
    });
}

TEST_CASE("a sweep of very much goes in steps and comes to an end") {
    on_every_engine([](store& memory) {
        constexpr int many = 2'000;
        written(memory, [](transaction& t) {
            for (int n = 0; n < many; ++n) {
                auto c = code_number(n);
                c.expires_at = noon - std::chrono::milliseconds(n);
                t.codes().put(c);
            }
        });

        const auto first = written(memory, [](transaction& t) { return t.sweep(noon + 1ms); });

        CHECK(first > 0);
        CHECK(first < many);
        CHECK(sweep_all(memory, noon + 1ms) == many - first);
    });
}
