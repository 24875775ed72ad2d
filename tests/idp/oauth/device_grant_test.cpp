// The device grant (RFC 8628): a device without a browser, and the person who answers it.
#include "idp/oauth/user_code.hpp"
#include "idp/store/audit_log.hpp"
#include "tests/support/administration.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace user_code = kommpass::idp::oauth::user_code;

namespace {

constexpr auto grant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr auto native = "groupware-native";

// A device of the groupware, and a person with a browser.
class scene {
public:
    scene() {
        idp.change_registry([](policies::registry& all) {
            for (auto& one : all.applications.at(application_key("groupware")).clients) {
                if (one.id.view() == native) one.grant_types.emplace_back(grant);
            }
        });
    }
    answer begin(fields more = {{"scope", "openid profile"}}) {
        more.emplace_back("client_id", native);  // it is public
        auto got = idp.call("/device-authorization", more);
        device_code = got.text("device_code");
        code = got.text("user_code");
        return got;
    }
    answer poll() {
        return idp.call(
            "/token", {{"grant_type", grant}, {"device_code", device_code}, {"client_id", native}});
    }
    answer poll_as(const std::string& client) {
        return idp.call_as(client, "/token", {{"grant_type", grant}, {"device_code", device_code}});
    }
    // Signs in on the way to the question.
    answer question(const std::string& user = "anna.noack",
                    const std::string& password = "Spreewald-7") {
        const auto asked = idp.get("/device", {{"user_code", code}});
        const auto signed_in = idp.fill_in(asked, user, password);
        CHECK(signed_in.location() == "/device?user_code=" + code);
        return idp.get("/device", {{"user_code", code}});
    }
    answer press(const answer& page, const std::string& action) {
        return idp.post("/device", {{"transaction", page.hidden("transaction")},
                                    {"csrf", page.hidden("csrf")},
                                    {"action", action}});
    }

    test_idp idp;
    std::string device_code;
    std::string code;
};

}  // namespace

TEST_CASE("user codes have no letters that look alike, and read back however they are typed") {
    system_randomness random;
    std::set<char> seen;
    for (int i = 0; i < 200; ++i) {
        const auto code = user_code::make(random);
        REQUIRE(code.size() == 8);
        seen.insert(code.begin(), code.end());
        const auto shown = user_code::shown(code);
        CHECK(shown[4] == '-');
        std::string lower = " " + shown + " ";
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        CHECK(user_code::read(lower) == code);
    }
    CHECK(seen.size() == 20);
    for (const char c : std::string("AEIOUY01IL")) {
        if (c != 'L') CHECK_FALSE(seen.contains(c));
    }
    for (const auto* wrong : {"", "BCDF", "BCDF-GHJA", "BCDF-GHJKK", "BCDF-GHJ1", "bcdf_ghjk"})
        CHECK_FALSE(user_code::read(wrong).has_value());
    CHECK_FALSE(user_code::read(std::string(1'000, '-') + "BCDFGHJK").has_value());
}

TEST_CASE("a device gets both codes, the page's address, their lifetime and the interval") {
    scene s;
    const auto got = s.begin();
    CHECK(got.status() == 200);
    CHECK(got.text("verification_uri") == "https://idp.example/device");
    CHECK(got.text("verification_uri_complete") ==
          "https://idp.example/device?user_code=" + s.code);
    CHECK(got.json().at("expires_in").as_int64() == 600);
    CHECK(got.json().at("interval").as_int64() == 5);
    CHECK(s.device_code.size() == 43);
    CHECK(user_code::read(s.code).has_value());
}

TEST_CASE("only clients that are registered for it begin one") {
    scene s;
    const auto other = s.idp.call_as("groupware-web", "/device-authorization", {});
    CHECK(other.status() == 400);
    CHECK(other.error() == "unauthorized_client");
    CHECK(s.idp.call("/device-authorization", {{"client_id", "no-such-client"}}).status() == 401);
    CHECK(s.begin({{"scope", "nothing-that-it-may"}}).error() == "invalid_scope");
    CHECK(s.begin({{"scope", "\"x\""}}).error() == "invalid_scope");
    CHECK(s.begin({{"resource", "not a uri"}}).error() == "invalid_target");
}

TEST_CASE("the person sees what is signed in and from where, says yes, and the device has tokens") {
    scene s;
    s.begin();
    CHECK(s.poll().error() == "authorization_pending");
    const auto page = s.question();
    REQUIRE(page.status() == 200);
    CHECK(page.shows("Groupware"));
    CHECK(page.shows(s.code));
    CHECK(page.shows("Nur wenn Sie es gerade selbst begonnen haben"));
    const auto done = s.press(page, "allow");
    CHECK(done.shows("Das Gerät ist angemeldet"));

    s.idp.time.turn(5s);
    const auto tokens = s.poll();
    REQUIRE(tokens.status() == 200);
    CHECK_FALSE(tokens.text("id_token").empty());
    CHECK_FALSE(tokens.text("refresh_token").empty());
    CHECK(s.idp.userinfo(tokens.text("access_token")).text("name") == "Anna Noack");
    const auto all = s.idp.audit();
    CHECK(std::any_of(all.begin(), all.end(), [](const auto& one) {
        return one.record.event == "token.issued" &&
               one.record.detail_json.find(grant) != std::string::npos;
    }));
}

TEST_CASE("a device code is good once: used again it ends what it gave") {
    scene s;
    s.begin();
    s.press(s.question(), "allow");
    const auto tokens = s.poll();
    REQUIRE(tokens.status() == 200);
    CHECK(s.poll().error() == "invalid_grant");
    CHECK(s.idp.userinfo(tokens.text("access_token")).status() == 401);
}

TEST_CASE("who polls too soon is slowed down, for good") {
    scene s;
    s.begin();
    CHECK(s.poll().error() == "authorization_pending");
    s.idp.time.turn(3s);
    CHECK(s.poll().error() == "slow_down");
    s.idp.time.turn(6s);
    CHECK(s.poll().error() == "slow_down");
    s.idp.time.turn(16s);
    CHECK(s.poll().error() == "authorization_pending");
    // Waiting is refused to nobody: the log has no line for it.
    CHECK_FALSE(s.idp.audited("token.refused"));
}

TEST_CASE("no, too late, and another client's code: each has its own answer") {
    scene s;
    s.begin();
    const auto page = s.question();
    CHECK(s.poll_as("groupware-web").error() == "unauthorized_client");
    CHECK(s.press(page, "deny").shows("Das Gerät ist nicht angemeldet"));
    CHECK(s.poll().error() == "access_denied");
    CHECK(s.press(page, "allow").status() == 410);  // decided is decided
    CHECK(s.poll().error() == "access_denied");

    s.begin();
    s.idp.time.turn(10min);
    CHECK(s.poll().error() == "expired_token");
    s.device_code = "none-of-ours";
    CHECK(s.poll().error() == "invalid_grant");
}

TEST_CASE("another client that may use the grant gets nothing for a foreign device code") {
    scene s;
    s.idp.change_registry([](policies::registry& all) {
        for (auto& one : all.applications.at(application_key("meso")).clients) {
            if (one.id.view() == "meso-web") one.grant_types.emplace_back(grant);
        }
    });
    s.begin();
    s.press(s.question(), "allow");
    CHECK(s.poll_as("meso-web").error() == "invalid_grant");
    CHECK(s.poll().status() == 200);
}

TEST_CASE("a yes of another session, or without its form, is none") {
    scene s;
    s.begin();
    const auto page = s.question();
    const auto forged = s.idp.post(
        "/device",
        {{"transaction", page.hidden("transaction")}, {"csrf", "x"}, {"action", "allow"}});
    CHECK(forged.location() == "/device");
    s.idp.forget_cookies();
    s.idp.authorize("groupware-web");
    CHECK(s.poll().error() == "authorization_pending");
    CHECK(s.idp.post("/device", {{"transaction", "x"}, {"csrf", "x"}, {"action", "allow"}})
              .status() != 500);
    s.idp.time.turn(5s);
    CHECK(s.poll().error() == "authorization_pending");
}

TEST_CASE("whoever has no access to the application gets none for a device either") {
    scene s;
    s.idp.change_registry([](policies::registry& all) { all.mappings.erase("lebus-alle"); });
    s.begin();
    const auto refused = s.press(s.question(), "allow");
    CHECK(refused.status() == 403);
    CHECK(s.poll().error() == "access_denied");
}

TEST_CASE("whoever has rights in Kommpass itself signs no device in") {
    scene s;
    s.idp.change_registry([](policies::registry& all) {
        add_administration(all);
        all.subscriptions.push_back({member_slug("dikom"), application_key("groupware")});
        std::sort(
            all.subscriptions.begin(), all.subscriptions.end(), [](const auto& a, const auto& b) {
                return std::pair(a.member, a.application) < std::pair(b.member, b.application);
            });
        all.applications.at(application_key("groupware")).require_role = false;
    });
    add_administrator(s.idp, "dikom", "zentral", {"zentraladmin"});
    s.begin();
    const auto asked = s.idp.get("/device", {{"user_code", s.code}});
    s.idp.fill_in(asked, "zentral", "Verwaltung-1", "dikom");
    const auto page = s.idp.get("/device", {{"user_code", s.code}});
    REQUIRE(page.status() == 200);
    CHECK(s.press(page, "allow").status() == 403);
    CHECK(s.poll().error() == "access_denied");
}

TEST_CASE("guessing user codes ends after ten tries of a person, for right codes too") {
    scene s;
    s.begin();
    (void)s.question();  // one
    for (int i = 0; i < 9; ++i)
        CHECK(s.idp.get("/device", {{"user_code", "BBBB-BBBB"}}).status() == 404);
    const auto limited = s.idp.get("/device", {{"user_code", s.code}});
    CHECK(limited.status() == 429);
    CHECK_FALSE(limited.header("Retry-After").empty());
    CHECK(limited.shows("Zu viele Versuche"));
    // What no code can be costs no try, and names none.
    CHECK(s.idp.get("/device", {{"user_code", "x"}}).status() == 404);
    // Somebody else is not held up.
    s.idp.forget_cookies();
    const auto asked = s.idp.get("/device", {{"user_code", s.code}});
    s.idp.fill_in(asked, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus");
    CHECK(s.idp.get("/device", {{"user_code", s.code}}).status() == 200);
}

TEST_CASE("a device whose person signed out before it fetched its tokens gets none") {
    scene s;
    s.begin();
    s.press(s.question(), "allow");
    const auto page = s.idp.get("/end-session");
    s.idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                             {"csrf", page.hidden("csrf")},
                             {"action", "sign-out"}});
    CHECK(s.poll().error() == "invalid_grant");
}

TEST_CASE("the store has neither code as text") {
    scene s;
    s.begin();
    const auto code = *user_code::read(s.code);
    s.idp.sql(
        "CREATE TABLE found AS SELECT count(*) AS n FROM device_request"
        " WHERE instr(device_code_hash, '" +
        s.device_code +
        "') > 0"
        " OR instr(user_code_hash, '" +
        code + "') > 0");
    s.idp.sql("CREATE TABLE must (n CHECK (n = 0))");
    s.idp.sql("INSERT INTO must SELECT n FROM found");
}
