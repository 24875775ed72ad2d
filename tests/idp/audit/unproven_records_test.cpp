// What anybody can cause does not fill the audit log, and none of it is lost.
#include "idp/audit/unproven_records.hpp"

#include "idp/audit/events.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "tests/support/administration.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

using namespace kommpass;
using namespace kommpass::tests;
using idp::audit::happenings_in;
using idp::audit::unproven_records;
using idp::store::audit_record;

namespace {

audit_record failed_sign_in(const std::string& address, const char* member = "lebus") {
    audit_record one;
    one.event = "sign_in.failure";
    one.result = "wrong_credentials";
    one.member = member_slug(member);
    one.client = client_id("groupware-web");
    one.address = address;
    return one;
}

long long told_by(const std::vector<audit_record>& sums) {
    return std::accumulate(sums.begin(), sums.end(), 0LL, [](long long so_far, const auto& one) {
        return so_far + happenings_in(one);
    });
}

// How many of so many come through.
unsigned through(unproven_records& all, unsigned number, const audit_record& one) {
    unsigned came = 0;
    for (unsigned i = 0; i < number; ++i) came += all.lets_through(one) ? 1 : 0;
    return came;
}

}  // namespace

TEST_CASE("the first of a kind are written, the others come as one sum") {
    turned_clock time;
    unproven_records all(time);
    CHECK(through(all, 1000, failed_sign_in("192.0.2.7")) == unproven_records::most_alike);
    const auto sums = all.sums();
    REQUIRE(sums.size() == 1);
    CHECK(sums[0].event == "sign_in.failure");
    CHECK(sums[0].member == member_slug("lebus"));
    CHECK(sums[0].client == client_id("groupware-web"));
    CHECK(sums[0].address == "192.0.2.7");
    CHECK(happenings_in(sums[0]) == 1000 - unproven_records::most_alike);
    CHECK(idp::audit::detail_text(sums[0].detail_json, "description") == "950 more like it");
    CHECK(all.sums().empty());
    CHECK_FALSE(all.lets_through(failed_sign_in("192.0.2.7")));
    CHECK(told_by(all.sums()) == 1);
    time.turn(unproven_records::window);
    CHECK(all.lets_through(failed_sign_in("192.0.2.7")));
    CHECK(all.sums().empty());
}

TEST_CASE("what was counted in a window that is over is told with what came since, once") {
    turned_clock time;
    unproven_records all(time);
    (void)through(all, 60, failed_sign_in("192.0.2.7"));
    time.turn(unproven_records::window);
    (void)through(all, 70, failed_sign_in("192.0.2.7"));
    const auto sums = all.sums();
    REQUIRE(sums.size() == 1);
    CHECK(happenings_in(sums.front()) == 30);
    CHECK(idp::audit::detail_text(sums.front().detail_json, "from") <
          idp::audit::detail_text(sums.front().detail_json, "until"));
}

TEST_CASE("sums that could not be written are told with the next ones, whole") {
    turned_clock time;
    unproven_records all(time);
    (void)through(all, 60, failed_sign_in("192.0.2.7"));
    const auto first = all.sums();
    all.take_back();
    time.turn(std::chrono::minutes(1));
    (void)through(all, 5, failed_sign_in("192.0.2.7"));
    const auto again = all.sums();
    REQUIRE(again.size() == 1);
    CHECK(happenings_in(again.front()) == 15);
    CHECK(idp::audit::detail_text(again.front().detail_json, "from") ==
          idp::audit::detail_text(first.front().detail_json, "from"));
    CHECK(all.sums().empty());
    all.take_back();
    CHECK(all.sums().empty());
}

TEST_CASE("another source, member or event is another kind; an IPv6 network is one source") {
    turned_clock time;
    unproven_records all(time);
    (void)through(all, 60, failed_sign_in("192.0.2.7"));
    CHECK(all.lets_through(failed_sign_in("192.0.2.8")));
    CHECK(all.lets_through(failed_sign_in("192.0.2.7", "cottbus")));
    auto refused = failed_sign_in("192.0.2.7");
    refused.event = "token.refused";
    CHECK(all.lets_through(refused));
    unsigned came = 0;
    for (int i = 0; i < 500; ++i)
        came += all.lets_through(failed_sign_in("2001:db8::" + std::to_string(i))) ? 1 : 0;
    CHECK(came == unproven_records::most_alike);
    CHECK(all.lets_through(failed_sign_in("2001:db8:0:1::1")));
    // The same machine by its IPv4 address.
    CHECK_FALSE(all.lets_through(failed_sign_in("::ffff:192.0.2.7")));
}

TEST_CASE("a source that varies what it asks, and many sources, are bounded too; nothing is lost") {
    turned_clock time;
    unproven_records all(time);
    unsigned came = 0;
    for (int i = 0; i < 5000; ++i) {
        auto one = failed_sign_in("192.0.2.7");
        one.client = client_id("client-" + std::to_string(i));
        came += all.lets_through(one) ? 1 : 0;
    }
    CHECK(came == unproven_records::most_of_source);
    for (int i = 0; i < 20'000; ++i) {
        const auto address = "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        came += all.lets_through(failed_sign_in(address)) ? 1 : 0;
    }
    CHECK(came == unproven_records::most_of_all);
    time.turn(unproven_records::window);
    const auto sums = all.sums();
    CHECK(sums.size() == 2);
    CHECK(came + told_by(sums) == 25'000);
}

TEST_CASE("what is proven is always written, and the end tells what was not told yet") {
    turned_clock time;
    unproven_records all(time);
    auto proven = failed_sign_in("192.0.2.7");
    proven.person = person_id("P-anna");
    CHECK(through(all, 300, proven) == 300);
    auto success = failed_sign_in("192.0.2.7");
    success.event = "sign_in.success";
    CHECK(through(all, 300, success) == 300);
    (void)through(all, 60, failed_sign_in("192.0.2.7"));
    CHECK(told_by(all.sums()) == 10);
    CHECK(all.sums().empty());
}

TEST_CASE("a clock that is put back begins a new window, and loses nothing") {
    turned_clock time;
    unproven_records all(time);
    (void)through(all, 60, failed_sign_in("192.0.2.7"));
    time.turn(-std::chrono::hours(1));
    CHECK(all.lets_through(failed_sign_in("192.0.2.7")));
    CHECK(told_by(all.sums()) == 10);
}

TEST_CASE("clients, requests and sign-ins that nobody proves leave a bounded number of records") {
    test_idp idp;
    const auto records = [&](const char* event) {
        const auto all = idp.audit();
        return std::count_if(all.begin(), all.end(),
                             [&](const auto& one) { return one.record.event == event; });
    };
    for (int i = 0; i < 120; ++i) {
        (void)idp.call("/token", {{"grant_type", "authorization_code"},
                                  {"code", "x" + std::to_string(i)},
                                  {"client_id", "nobody-" + std::to_string(i)},
                                  {"client_secret", "wrong"}});
        (void)idp.authorize("groupware-web", {{"redirect_uri", "https://boese.example/"}});
        (void)idp.authorize("groupware-web", {{"scope", "nonsense"}, {"prompt", "none"}});
    }
    CHECK(records("token.refused") <= unproven_records::most_alike);
    CHECK(records("authorization.refused") <= 2 * unproven_records::most_alike);
    CHECK(records("token.refused") > 0);
    CHECK(records("authorization.refused") > 0);
    const auto written = records("token.refused") + records("authorization.refused");
    CHECK(written + told_by(idp.parts().unproven.sums()) == 360);
}

TEST_CASE("a code that comes again and again leaves its first record and a bounded number more") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    REQUIRE(idp.redeem("groupware-web", redirect).status() == 200);
    const auto results = [&] {
        std::map<std::string, int> all;
        for (const auto& one : idp.audit())
            if (one.record.event == "code.replayed") ++all[one.record.result];
        return all;
    };
    for (int i = 0; i < 150; ++i)
        CHECK(idp.redeem("groupware-web", redirect).error() == "invalid_grant");
    CHECK(results()["revoked"] == 1);
    CHECK(results()["again"] == static_cast<int>(unproven_records::most_alike));
    auto told = idp.parts().unproven.sums();
    std::erase_if(told, [](const auto& one) { return one.event != "code.replayed"; });
    CHECK(told_by(told) == 149 - unproven_records::most_alike);
}

TEST_CASE("a code that nothing was given for leaves no more than that when it comes again") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    CHECK(idp.redeem("groupware-post", redirect).error() == "invalid_grant");
    for (int i = 0; i < 120; ++i) (void)idp.redeem("groupware-web", redirect);
    const auto all = idp.audit();
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& one) {
              return one.record.event == "code.replayed";
          }) == static_cast<int>(unproven_records::most_alike));
}

TEST_CASE("a refresh that is repeated within the grace is recorded a bounded number of times") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).refresh_reuse_grace =
            std::chrono::seconds(10);
    });
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    REQUIRE(idp.refresh("groupware-web", first).status() == 200);
    for (int i = 0; i < 120; ++i) CHECK(idp.refresh("groupware-web", first).status() == 200);
    const auto all = idp.audit();
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& one) {
              return one.record.result == "repeated";
          }) == static_cast<int>(unproven_records::most_alike));
    CHECK(told_by(idp.parts().unproven.sums()) == 120 - unproven_records::most_alike);
}

TEST_CASE("a refresh token that is used again ends its family with one record, however often") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    REQUIRE(idp.refresh("groupware-web", first).status() == 200);
    for (int round = 0; round < 3; ++round) {
        std::vector<idp::http::request> requests(20, idp.refresh_of("groupware-web", first));
        (void)idp.send_together(std::move(requests));
    }
    const auto all = idp.audit();
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& one) {
              return one.record.event == "refresh_token.reuse_detected";
          }) == 1);
}
