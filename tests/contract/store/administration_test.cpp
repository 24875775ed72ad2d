// Reviews, idempotent answers, what revisions changed, and the audit log read backwards.
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/idempotent_answers.hpp"
#include "idp/store/notices.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/set_ups.hpp"
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

campaign autumn() { return {"c1", "Herbst", "p-admin", noon, noon + 24h, true, {}}; }

campaign_item item_of(const char* member, const char* person, const char* role) {
    campaign_item one;
    one.campaign = "c1";
    one.member = member_slug(member);
    one.person = person_id(person);
    one.role = role_name(role);
    one.documents = {"mappings/a", "grants/b"};
    return one;
}

}  // namespace

TEST_CASE("a review keeps its items, takes each answer once, and counts them") {
    on_every_engine([](store& memory) {
        written(memory, [](transaction& t) {
            t.campaigns().put(
                autumn(), {item_of("lebus", "p1", "dms.lesen"), item_of("lebus", "p2", "dms.lesen"),
                           item_of("cottbus", "p3", "dms.lesen")});
        });
        CHECK(seen(memory, [](transaction& t) { return t.campaigns().find("c1"); }) == autumn());
        const auto items = seen(memory, [](transaction& t) {
            return t.campaigns().items("c1", member_slug("lebus"), 0, 10);
        });
        REQUIRE(items.size() == 2);
        CHECK(items.front().documents == std::vector<std::string>{"mappings/a", "grants/b"});
        const auto number = items.front().number;
        CHECK(seen(memory, [=](transaction& t) {
                  return t.campaigns().items("c1", member_slug("lebus"), number, 10);
              }).size() == 1);
        const auto give = [=](transaction& t) {
            return t.campaigns().answer(number, "confirmed", "p-admin", noon + 1h);
        };
        CHECK(written(memory, give));
        CHECK_FALSE(written(memory, give));
        CHECK(seen(memory, [](transaction& t) { return t.campaigns().progress("c1"); }) ==
              std::vector<campaign_progress>{{member_slug("cottbus"), 1, 0},
                                             {member_slug("lebus"), 2, 1}});
        CHECK(seen(memory, [](transaction& t) { return t.campaigns().unanswered("c1"); }).size() ==
              2);
        written(memory, [](transaction& t) {
            t.campaigns().erase_person(person_id("p1"));
            t.campaigns().close("c1", noon + 2h);
        });
        CHECK_FALSE(seen(memory, [=](transaction& t) { return t.campaigns().item(number); }));
        CHECK(seen(memory, [](transaction& t) { return t.campaigns().all(); }).front().closed_at ==
              noon + 2h);
    });
}

TEST_CASE("an answer is found by its actor and key until it is swept") {
    on_every_engine([](store& memory) {
        const idempotent_answer kept{"p1", "k1", std::string("\0\xff", 2), 201, "{}", noon + 1h};
        written(memory, [&](transaction& t) { t.answers().put(kept); });
        CHECK(seen(memory, [](transaction& t) { return t.answers().find("p1", "k1"); }) == kept);
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.answers().find("p2", "k1"); }));
        written(memory, [](transaction& t) { return t.sweep(noon + 2h); });
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.answers().find("p1", "k1"); }));
    });
}

TEST_CASE("what a revision changed is kept, and the last revision of each document is known") {
    on_every_engine([](store& memory) {
        written(memory, [](transaction& t) {
            t.revisions().append(0, {0, noon, "a", "erste", "{}"});
            t.revisions().note_documents(
                1, {{"mappings/x", member_slug("lebus")}, {"mappings/y", member_slug("lebus")}});
            t.revisions().append(1, {0, noon + 1h, "b", "zweite", "{}"});
            t.revisions().note_documents(2, {{"mappings/x", member_slug("lebus")}});
        });
        CHECK(seen(memory, [](transaction& t) { return t.revisions().documents_of(2); }) ==
              std::vector<revision_document>{{"mappings/x", member_slug("lebus")}});
        auto authors = seen(memory, [](transaction& t) { return t.revisions().authors(); });
        REQUIRE(authors.size() == 2);
        for (const auto& one : authors)
            CHECK(one.revision == (one.document == "mappings/x" ? 2 : 1));
        const auto earlier =
            seen(memory, [](transaction& t) { return t.revisions().history_before(2, 9); });
        REQUIRE(earlier.size() == 1);
        CHECK(earlier.front().why == "erste");
    });
}

TEST_CASE("the audit log is read backwards, and emptied by kind and age") {
    on_every_engine([](store& memory) {
        written(memory, [](transaction& t) {
            for (int i = 0; i < 5; ++i) {
                audit_record record;
                record.at = noon + i * 1h;
                record.event = i % 2 == 0 ? "sign_in.success" : "registry.applied";
                record.result = "ok";
                record.detail_json = "{}";
                t.audit().append(record);
            }
        });
        const auto last = seen(memory, [](transaction& t) { return t.audit().read_back(6, 2); });
        REQUIRE(last.size() == 2);
        CHECK(last.front().sequence == 5);
        CHECK(last.back().sequence == 4);
        const auto removed = written(memory, [](transaction& t) {
            return t.audit().remove_content(0, "sign_in", noon + 3h, "retention", 100);
        });
        CHECK(removed == std::pair<long long, std::size_t>(3, 2));
        const auto all = seen(memory, [](transaction& t) { return t.audit().read_chain(0, 10); });
        CHECK(all[0].removed == "retention");
        CHECK(all[0].record.result.empty());
        CHECK(all[0].record.event == "sign_in.success");
        CHECK(all[1].removed.empty());
        CHECK(all[4].removed.empty());
    });
}

TEST_CASE(
    "refused requests are found by their time, newest first, until their content is removed") {
    on_every_engine([](store& memory) {
        written(memory, [](transaction& t) {
            for (int i = 0; i < 4; ++i) {
                audit_record record;
                record.at = noon + i * 1h;
                record.event = i == 1 ? "sign_in.success" : "grant.refused";
                record.result = "ok";
                record.person = person_id("P-" + std::to_string(i));
                record.detail_json = "{}";
                t.audit().append(record);
            }
        });
        const auto since = [&](std::chrono::hours from, std::size_t limit) {
            return seen(memory, [&](transaction& t) {
                return t.audit().refused_requests(noon + from, limit);
            });
        };
        const auto all = since(0h, 10);
        REQUIRE(all.size() == 3);
        CHECK(all.front().record.person.view() == "P-3");
        CHECK(all.back().record.person.view() == "P-0");
        CHECK(since(0h, 1).size() == 1);
        CHECK(since(3h, 10).size() == 1);
        written(memory, [](transaction& t) {
            return t.audit().remove_content(0, "grant", noon + 3h, "retention", 100);
        });
        CHECK(since(0h, 10).size() == 1);
    });
}

TEST_CASE("a notice is unsent until it was sent, and forgotten after its time") {
    on_every_engine([](store& memory) {
        const auto unsent = [&] {
            return seen(memory, [](transaction& t) { return t.notices().unsent({"a", "b"}); });
        };
        CHECK(unsent() == std::vector<std::string>{"a", "b"});
        written(memory, [](transaction& t) { t.notices().mark_sent({"a"}, noon + 1h); });
        written(memory, [](transaction& t) { t.notices().mark_sent({"a"}, noon + 2h); });
        CHECK(unsent() == std::vector<std::string>{"b"});
        CHECK(written(memory, [](transaction& t) { return t.sweep(noon + 1h); }) == 0);
        CHECK(written(memory, [](transaction& t) { return t.sweep(noon + 3h); }) == 1);
        CHECK(unsent() == std::vector<std::string>{"a", "b"});
    });
}

TEST_CASE("a set-up is kept with whoever asked that it be put in force, until it is entered anew") {
    on_every_engine([](store& memory) {
        set_up one{member_slug("lebus"), "{}", noon, "p-admin", noon};
        written(memory, [&](transaction& t) { t.set_ups().put(one); });
        CHECK(seen(memory, [&](transaction& t) { return t.set_ups().find(one.member); }) == one);
        CHECK(seen(memory, [](transaction& t) { return t.set_ups().asked(); }).empty());
        one.asked_by = "p-admin";
        one.asked_at = noon + 1h;
        one.asked_why = "neuer Server";
        one.asked_centrally = true;
        written(memory, [&](transaction& t) { t.set_ups().put(one); });
        CHECK(seen(memory, [&](transaction& t) { return t.set_ups().find(one.member); }) == one);
        CHECK(seen(memory, [](transaction& t) { return t.set_ups().asked(); }) ==
              std::vector{one.member});
        written(memory, [&](transaction& t) { t.set_ups().remove(one.member); });
        CHECK(seen(memory, [](transaction& t) { return t.set_ups().asked(); }).empty());
    });
}
