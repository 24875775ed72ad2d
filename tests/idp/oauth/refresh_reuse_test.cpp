// Refresh tokens that come twice, late, at the same time, or were never given out.
#include "config/vocabulary/base64url.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/hash.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/outages.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

void allow_grace(test_idp& idp, std::chrono::seconds grace) {
    idp.change_registry([&](policies::registry& all) {
        all.applications.at(application_key("groupware")).refresh_reuse_grace = grace;
    });
}

std::string family_in(const std::string& token) { return token.substr(0, token.find('.')); }
std::string secret_of(const std::string& token) { return token.substr(token.rfind('.') + 1); }

void with_families(test_idp& idp,
                   const std::function<void(idp::store::token_family_store&)>& work) {
    const auto done =
        idp.parts().memory.write_now([&](idp::store::transaction& t) { work(t.families()); });
    REQUIRE(done);
}

}  // namespace

TEST_CASE("a refresh token that was never issued is an invalid grant, and ends nothing") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    const auto second = idp.refresh("groupware-web", first).text("refresh_token");
    const auto family = family_in(second);
    const std::string garbage(43, 'A');
    for (const auto& guess :
         {family + "." + garbage, family + ".0." + garbage, family + ".1." + garbage,
          family + ".0." + secret_of(second), family + ".1." + secret_of(first),
          family + ".2." + secret_of(second), family + ".999999999." + secret_of(second),
          family + ".01." + secret_of(second), family + ".-1." + secret_of(second),
          family + ".1.1." + secret_of(second), family + ".." + secret_of(second),
          family + "." + secret_of(second), "01JADXXXXXXXXXXXXXXXXXXXXX.0." + garbage, family,
          family + ".", std::string("x")}) {
        CAPTURE(guess);
        const auto answer = idp.refresh("groupware-web", guess);
        CHECK(answer.status() == 400);
        CHECK(answer.error() == "invalid_grant");
        CHECK(idp.call_as("groupware-web", "/revoke",
                          {{"token", guess}, {"client_id", "groupware-web"}})
                  .status() == 200);
    }

    CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
    CHECK(idp.refresh("groupware-web", second).status() == 200);
}

TEST_CASE("within the grace a repeated refresh gets the same token, any number of times") {
    test_idp idp;
    allow_grace(idp, std::chrono::seconds(10));
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    const auto second = idp.refresh("groupware-web", first).text("refresh_token");
    for (int n = 0; n < 50; ++n) {
        idp.time.turn(std::chrono::milliseconds(150));
        const auto again = idp.refresh("groupware-web", first);
        REQUIRE(again.status() == 200);
        CHECK(again.text("refresh_token") == second);
        CHECK(idp.userinfo(again.text("access_token")).status() == 200);
    }
    idp.time.turn(std::chrono::minutes(5));
    CHECK(idp.refresh("groupware-web", second).status() == 200);
    CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
}

TEST_CASE("within the grace any of the last tokens may come again, outside it ends the family") {
    test_idp idp;
    allow_grace(idp, std::chrono::seconds(10));
    std::vector<std::string> tokens{idp.tokens("groupware-web").text("refresh_token")};
    for (int n = 0; n < 5; ++n) {
        idp.time.turn(std::chrono::seconds(2));
        tokens.push_back(idp.refresh("groupware-web", tokens.back()).text("refresh_token"));
    }
    for (const auto& old : tokens) {  // replaced 8, 6, 4, 2, 0 seconds ago; the last never
        if (&old == &tokens.back()) break;
        const auto again = idp.refresh("groupware-web", old);
        REQUIRE(again.status() == 200);
        CHECK(again.text("refresh_token") == tokens.back());
    }
    idp.time.turn(std::chrono::seconds(3));
    CHECK(idp.refresh("groupware-web", tokens[1]).status() == 200);  // 9 seconds ago
    const auto late = idp.refresh("groupware-web", tokens[0]);       // 11 seconds ago
    CHECK(late.error() == "invalid_grant");
    CHECK(idp.audited("refresh_token.reuse_detected"));
    CHECK(idp.refresh("groupware-web", tokens.back()).error() == "invalid_grant");
}

TEST_CASE("a client that refreshes without pause within the grace keeps its family") {
    test_idp idp;
    allow_grace(idp, std::chrono::seconds(60));
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    auto last = first;
    for (int n = 0; n < 200; ++n) {
        idp.time.turn(std::chrono::milliseconds(100));
        last = idp.refresh("groupware-web", last).text("refresh_token");
    }
    CHECK(idp.refresh("groupware-web", first).text("refresh_token") == last);
    CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
}

TEST_CASE("refreshes at the same time all get the same token within the grace") {
    test_idp idp;
    allow_grace(idp, std::chrono::seconds(5));
    auto token = idp.tokens("groupware-web").text("refresh_token");
    for (int round = 0; round < 5; ++round) {
        std::vector<idp::http::request> requests(16, idp.refresh_of("groupware-web", token));
        const auto answers = idp.send_together(std::move(requests));
        std::set<std::string> given;
        for (const auto& one : answers) {
            REQUIRE(one.status() == 200);
            given.insert(one.text("refresh_token"));
        }
        CHECK(given.size() == 1);
        token = *given.begin();
    }
    CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
}

TEST_CASE("without a grace, of refreshes at the same time one wins and then the family is over") {
    test_idp idp;
    const auto token = idp.tokens("groupware-web").text("refresh_token");
    std::vector<idp::http::request> requests(8, idp.refresh_of("groupware-web", token));
    const auto answers = idp.send_together(std::move(requests));
    std::string won;
    for (const auto& one : answers) {
        if (one.status() == 200) {
            CHECK(won.empty());
            won = one.text("refresh_token");
        }
    }
    REQUIRE_FALSE(won.empty());
    CHECK(idp.refresh("groupware-web", won).error() == "invalid_grant");
    const auto records = idp.audit();
    CHECK(std::count_if(records.begin(), records.end(), [](const auto& line) {
              return line.record.event == "refresh_token.reuse_detected";
          }) >= 1);
}

TEST_CASE("another client's refresh token, and one of an ended family, end nothing more") {
    test_idp idp;
    allow_grace(idp, std::chrono::seconds(10));
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    const auto second = idp.refresh("groupware-web", first).text("refresh_token");
    CHECK(idp.refresh("groupware-post", first).error() == "invalid_grant");
    idp.time.turn(std::chrono::minutes(2));
    CHECK(idp.refresh("groupware-post", first).error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", second).status() == 200);
}

TEST_CASE("a refresh token from before tokens were derived still works, once, and is rotated") {
    test_idp idp;
    const auto now_derived = idp.tokens("groupware-web").text("refresh_token");
    const auto old = family_in(now_derived) + "." + std::string(42, 'o') + "A";
    with_families(idp, [&](auto& families) {
        auto family = *families.find(family_in(now_derived));
        families.rotate(family_in(now_derived), {family.current_hash,
                                                 idp::jose::sha256(old),
                                                 {},
                                                 0,
                                                 {},
                                                 family.given.identity_json,
                                                 idp.time.now()});
    });

    const auto next = idp.refresh("groupware-web", old);
    REQUIRE(next.status() == 200);
    CHECK(idp.refresh("groupware-web", next.text("refresh_token")).status() == 200);

    // Two rotations ago nobody can tell it from a guess any more: refused, and no more than that.
    CHECK(idp.refresh("groupware-web", old).error() == "invalid_grant");
    CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
}

// A commit that was answered as failed and kept after all: the client could not learn of it before
// the store worked again (docs/decisions/0071).
TEST_CASE("what was replaced while the store answered nobody may come again once it does") {
    for (const auto grace : {std::chrono::seconds(0), std::chrono::seconds(10)}) {
        CAPTURE(grace.count());
        test_idp idp;
        allow_grace(idp, grace);
        const auto first = idp.tokens("groupware-web").text("refresh_token");
        const auto second = idp.refresh("groupware-web", first).text("refresh_token");
        idp.time.turn(std::chrono::seconds(15));
        idp.outages().begins(idp.time.now());
        idp.time.turn(std::chrono::seconds(40));
        idp.outages().ends(idp.time.now());
        idp.time.turn(std::chrono::seconds(9));
        const auto again = idp.refresh("groupware-web", first);
        REQUIRE(again.status() == 200);
        CHECK(again.text("refresh_token") == second);
        CHECK_FALSE(idp.audited("refresh_token.reuse_detected"));
    }
}

TEST_CASE("attack: an outage brings back no token that was replaced before it, nor one for long") {
    for (const bool before_it : {true, false}) {
        CAPTURE(before_it);
        test_idp idp;
        const auto first = idp.tokens("groupware-web").text("refresh_token");
        const auto second = idp.refresh("groupware-web", first).text("refresh_token");
        idp.time.turn(std::chrono::seconds(before_it ? 21 : 1));
        idp.outages().begins(idp.time.now());
        idp.outages().ends(idp.time.now());
        idp.time.turn(std::chrono::seconds(before_it ? 1 : 10));
        CHECK(idp.refresh("groupware-web", first).error() == "invalid_grant");
        CHECK(idp.audited("refresh_token.reuse_detected"));
        CHECK(idp.refresh("groupware-web", second).error() == "invalid_grant");
    }
}
