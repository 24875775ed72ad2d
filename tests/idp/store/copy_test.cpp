// An installation moves from SQLite to PostgreSQL and back.
#include "idp/store/copy_store.hpp"

#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"
#include "tests/idp/store/store_folder.hpp"
#include "tests/support/postgresql_proxy.hpp"
#include "tests/support/postgresql_server.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

constexpr int many = 2'500;  // more than two pages

postgresql_server& server() {
    static postgresql_server one;
    return one;
}

std::string url_of(const store_folder& folder) { return "sqlite:" + folder.file().string(); }

void fill(store& memory) {
    written(memory, [](transaction& t) {
        for (int n = 0; n < many; ++n) t.sessions().put(session_number(n));
        for (int n = 0; n < 20; ++n) {
            t.codes().put(code_number(n));
            t.families().put(family_number(n));
            t.audit().append(audit_record_number(n));
        }
        t.codes().redeem(code_number(3).code_hash, noon);
        t.audit().remove_content(0, audit_record_number(0).event, noon + 24h, "retention", 5);
        t.audit().forget_person(audit_record_number(7).person);
        t.revisions().append(0, {0, noon, "c.schulze", "weil", "{\"ä\":1}"});
        const auto last = t.outbox().put("mail", "lebus", "{}", noon);
        t.outbox().delivered(last);  // its number must not be given again
    });
}

// The same on both engines, whatever moved it.
void expect_filled(store& memory) {
    CHECK(seen(memory, [](transaction& t) {
              return t.sessions().find(session_number(many - 1).id);
          }) == session_number(many - 1));
    CHECK(seen(memory, [](transaction& t) { return t.families().find("family-7"); }) ==
          family_number(7));
    CHECK(seen(memory, [](transaction& t) { return t.revisions().latest(); })->documents_json ==
          "{\"ä\":1}");
    CHECK(seen(memory, [](transaction& t) { return t.audit().read(0, 100); }).size() == 20);
}

// Takes up where the copy left: numbers go on, the chain goes on, a used code is used.
void expect_goes_on(store& memory) {
    written(memory, [](transaction& t) {
        CHECK(std::holds_alternative<code_replayed>(
            t.codes().redeem(code_number(3).code_hash, noon)));
        CHECK(
            std::holds_alternative<issued_code>(t.codes().redeem(code_number(4).code_hash, noon)));
        CHECK(t.outbox().put("mail", "lebus", "{}", noon) == 2);
        t.sessions().put(session_number(many));
        t.audit().append(audit_record_number(20));
        CHECK(t.audit().last_link()->sequence == 21);
    });
}

}  // namespace

TEST_CASE("an installation moves to PostgreSQL and back, and goes on in each") {
    store_folder folder;
    fill(*folder.open());
    const auto database = server().new_database();

    const auto there = copy_store(url_of(folder), database, {});
    REQUIRE_MESSAGE(there.has_value(), there.error());
    store_folder other;
    const auto back = copy_store(database, url_of(other), {});
    REQUIRE_MESSAGE(back.has_value(), back.error());

    REQUIRE(there->size() == back->size());
    for (std::size_t at = 0; at < there->size(); ++at) {
        CHECK((*there)[at].name == (*back)[at].name);
        CHECK((*there)[at].rows == (*back)[at].rows);
        CHECK((*there)[at].digest == (*back)[at].digest);
    }
    auto opened = open_postgresql_store(database);
    REQUIRE_MESSAGE(opened, opened.error());
    expect_filled(**opened);
    expect_goes_on(**opened);
    const auto again = other.open();
    expect_filled(*again);
    expect_goes_on(*again);
}

TEST_CASE("a copy that is cut off goes on where it was, and nobody uses its target before") {
    store_folder folder;
    fill(*folder.open());
    const auto database = server().new_database();
    postgresql_proxy proxy(server().port());
    const auto through = postgresql_server::at_port(database, proxy.port());
    std::uint64_t at_the_cut = 0;

    const auto cut =
        copy_store(url_of(folder), through, [&](const std::string& table, std::uint64_t rows) {
            if (table != "session" || at_the_cut > 0) return;
            at_the_cut = rows;
            proxy.cut_next(postgresql_proxy::cut::before_commit);
        });
    REQUIRE_FALSE(cut.has_value());
    CHECK(cut.error().find("run it again") != std::string::npos);
    const auto unfinished = open_postgresql_store(database);
    REQUIRE_FALSE(unfinished);
    CHECK(unfinished.error().find("store copy") != std::string::npos);

    std::uint64_t more = 0;
    const auto rest =
        copy_store(url_of(folder), database, [&](const std::string& table, std::uint64_t rows) {
            if (table == "session") more = rows;
        });
    REQUIRE_MESSAGE(rest.has_value(), rest.error());
    CHECK(at_the_cut + more == many);
    auto opened = open_postgresql_store(database);
    REQUIRE_MESSAGE(opened, opened.error());
    expect_filled(**opened);
}

TEST_CASE("a copy is refused where it would mix or overwrite, and within one kind") {
    store_folder folder;
    fill(*folder.open());
    const auto database = server().new_database();
    {
        auto used = open_postgresql_store(database);
        REQUIRE(used);
        written(**used, [](transaction& t) { t.codes().put(code_number(1)); });
    }
    const auto into_used = copy_store(url_of(folder), database, {});
    REQUIRE_FALSE(into_used.has_value());
    CHECK(into_used.error().find("in use") != std::string::npos);
    CHECK_FALSE(copy_store(url_of(folder), url_of(folder), {}).has_value());
    CHECK_FALSE(copy_store("mysql://x", database, {}).has_value());
    store_folder nothing;
    const auto from_nothing = copy_store(url_of(nothing), server().new_database(), {});
    REQUIRE_FALSE(from_nothing.has_value());
    CHECK(from_nothing.error().find("is not there") != std::string::npos);
}

TEST_CASE("what changed between two attempts is found when both sides are compared") {
    store_folder folder;
    fill(*folder.open());
    const auto database = server().new_database();
    postgresql_proxy proxy(server().port());
    const auto through = postgresql_server::at_port(database, proxy.port());
    bool told = false;
    const auto cut =
        copy_store(url_of(folder), through, [&](const std::string& table, std::uint64_t) {
            if (table != "session" || std::exchange(told, true)) return;
            proxy.cut_next(postgresql_proxy::cut::before_commit);
        });
    REQUIRE_FALSE(cut.has_value());
    folder.sql("UPDATE session SET user_agent = 'anders' WHERE number = 1");
    const auto rest = copy_store(url_of(folder), database, {});
    REQUIRE_FALSE(rest.has_value());
    CHECK(rest.error().find("session differs") != std::string::npos);
    CHECK_FALSE(open_postgresql_store(database));
}
