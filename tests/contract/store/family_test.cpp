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

auto rotate_to(const token_family& f, std::string expected, std::string next) {
    const idp::store::rotation to{expected,         next,        "seed of the family",
                                  f.generation + 1, {noon + 1h}, R"({"n":"new"})",
                                  noon + 1h};
    return [id = f.given.family, to](transaction& t) { return t.families().rotate(id, to); };
}

auto look(const std::string& id) {
    return [id](transaction& t) { return t.families().find(id); };
}

}  // namespace

TEST_CASE("a token family comes back whole") {
    on_every_engine([](store& memory) {
        const auto f = family_number(1);
        written(memory, [&](transaction& t) {
            t.families().put(family_number(2));
            t.families().put(f);
        });

        CHECK(seen(memory, look(f.given.family)) == f);
        CHECK_FALSE(seen(memory, look("family-3")));
    });
}

TEST_CASE("a rotation moves current to previous and keeps the rest") {
    on_every_engine([](store& memory) {
        auto f = family_number(1);
        written(memory, [&](transaction& t) { t.families().put(f); });

        CHECK(written(memory, rotate_to(f, f.current_hash, hash_of("next"))));

        f.previous_hash = f.current_hash;
        f.current_hash = hash_of("next");
        f.given.identity_json = R"({"n":"new"})";
        f.rotated_at = noon + 1h;
        f.seed = "seed of the family";
        f.generation = 1;
        f.replaced = {noon + 1h};
        CHECK(seen(memory, look(f.given.family)) == f);
    });
}

TEST_CASE("a family remembers when its last tokens were replaced, in their order") {
    on_every_engine([](store& memory) {
        auto f = family_number(1);
        f.seed = "seed of the family";
        f.generation = 7;
        f.replaced = {noon - 3s, noon - 1s, noon + 250ms};
        f.given.resources = {"https://mail.example/", "https://files.example/api"};
        written(memory, [&](transaction& t) { t.families().put(f); });

        CHECK(seen(memory, look(f.given.family)) == f);
    });
}

TEST_CASE("a rotation from a token that is not the current one changes nothing") {
    on_every_engine([](store& memory) {
        const auto f = family_number(1);
        written(memory, [&](transaction& t) { t.families().put(f); });

        CHECK_FALSE(written(memory, rotate_to(f, hash_of("stolen"), hash_of("next"))));
        CHECK_FALSE(written(memory, rotate_to(family_number(2), f.current_hash, hash_of("next"))));

        CHECK(seen(memory, look(f.given.family)) == f);
    });
}

TEST_CASE("a revoked family does not rotate, and stays findable as revoked") {
    on_every_engine([](store& memory) {
        auto f = family_number(1);
        written(memory, [&](transaction& t) {
            t.families().put(f);
            t.families().put(family_number(2));
            t.families().revoke(f.given.family);
        });

        CHECK_FALSE(written(memory, rotate_to(f, f.current_hash, hash_of("next"))));

        f.revoked = true;
        CHECK(seen(memory, look(f.given.family)) == f);
        CHECK(seen(memory, look("family-2")) == family_number(2));
    });
}

TEST_CASE("a sign-out revokes the session's families, and only unties those for offline access") {
    on_every_engine([](store& memory) {
        auto online = family_number(1);
        auto offline = family_number(2);
        auto similar = family_number(3);
        offline.given.session = similar.given.session = online.given.session;
        offline.given.scope = {"openid", "offline_access"};
        similar.given.scope = {"openid", "offline_access_not"};
        const auto other = family_number(4);
        written(memory, [&](transaction& t) {
            for (const auto& f : {online, offline, similar, other}) t.families().put(f);
        });

        written(memory,
                [&](transaction& t) { t.families().revoke_of_session(online.given.session); });

        online.revoked = similar.revoked = true;
        offline.given.session.clear();
        for (const auto& f : {online, offline, similar, other})
            CHECK(seen(memory, look(f.given.family)) == f);
    });
}

TEST_CASE("families without a session are not those of the empty session") {
    on_every_engine([](store& memory) {
        auto f = family_number(1);
        f.given.session.clear();
        written(memory, [&](transaction& t) { t.families().put(f); });

        written(memory, [](transaction& t) { t.families().revoke_of_session(""); });

        CHECK(seen(memory, look(f.given.family)) == f);
    });
}

TEST_CASE("a leaver's families are all revoked, those for offline access too") {
    on_every_engine([](store& memory) {
        auto one = family_number(1);
        auto two = family_number(2);
        two.given.person = one.given.person;
        two.given.scope = {"openid", "offline_access"};
        two.given.session.clear();
        const auto other = family_number(3);
        written(memory, [&](transaction& t) {
            for (const auto& f : {one, other, two}) t.families().put(f);
        });

        written(memory, [&](transaction& t) { t.families().revoke_of_person(one.given.person); });

        one.revoked = two.revoked = true;
        CHECK(seen(memory, [&](transaction& t) {
                  return t.families().of_person(one.given.person);
              }) == std::vector{one, two});
        CHECK(seen(memory, look(other.given.family)) == other);
    });
}

TEST_CASE("a single access token is revoked by its id, also twice") {
    on_every_engine([](store& memory) {
        for (int i = 0; i < 2; ++i)
            written(memory,
                    [](transaction& t) { t.families().revoke_access_token("jti-1", noon + 5min); });

        CHECK(seen(memory,
                   [](transaction& t) { return t.families().access_token_revoked("jti-1"); }));
        CHECK_FALSE(seen(
            memory, [](transaction& t) { return t.families().access_token_revoked("jti-2"); }));
    });
}
