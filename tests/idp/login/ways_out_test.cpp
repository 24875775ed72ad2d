// Every way out of the sign-in: back without one, and on to a code that is never from an older
// sign-in than the application asked for.
#include "idp/http/response.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::sign_in_error;

namespace {

const fields anna{{"username", "anna.noack"}, {"password", "Spreewald-7"}};

// The page with the password of Lebus on it.
answer password_page(test_idp& idp, const std::string& client, const fields& more) {
    const auto list =
        idp.press(idp.authorize(client, more), "continue", {{"username", "anna.noack"}});
    return idp.press(list, "choose:lebus", {{"username", "anna.noack"}});
}

// One page of each stage, by name, for an authorization of dms-web, which asks for consent.
std::vector<std::pair<std::string, answer>> every_stage(test_idp& idp, const fields& more) {
    std::vector<std::pair<std::string, answer>> pages;
    auto& account = idp.directories.of("lebus", "anna.noack");
    pages.emplace_back("name", idp.authorize("dms-web", more));
    pages.emplace_back("members", idp.press(pages[0].second, "continue", {{"username", "a"}}));
    const auto password = password_page(idp, "dms-web", more);
    pages.emplace_back("password", password);
    pages.emplace_back("wrong", idp.press(password, "sign-in",
                                          {{"username", "anna.noack"}, {"password", "falsch"}}));
    account.fails_with = sign_in_error::password_must_change;
    account.may_change = true;
    pages.emplace_back("must change", idp.press(password, "sign-in", anna));
    account.fails_with.reset();
    account.who.password_expires_at = idp.time.now() + 24h;
    pages.emplace_back("notice", idp.press(password, "sign-in", anna));
    const auto consent = idp.press(pages.back().second, "later");
    pages.emplace_back("consent", consent);
    auto again = more;
    again.emplace_back("prompt", "login");
    pages.emplace_back("anew", idp.authorize("dms-web", again));
    return pages;
}

}  // namespace

TEST_CASE("every stage of an authorization can be left: access_denied, with state and iss") {
    test_idp idp;
    for (const auto& stage : every_stage(idp, {})) {
        const auto& [name, page] = stage;
        CAPTURE(stage.first);
        REQUIRE(page.status() == 200);
        const bool asks_consent = name == "consent";
        CHECK(page.shows(asks_consent ? "value=\"deny\"" : "value=\"cancel\""));
        CHECK(page.raw->form_action == "'self'");
        const auto left = idp.press(page, "cancel");
        CHECK(left.status() == 303);
        CHECK(left.location().starts_with("https://dms-web.example/callback?"));
        CHECK(left.redirected("error") == "access_denied");
        CHECK(left.redirected("state") == "state-1");
        CHECK(left.redirected("iss") == "https://idp.example");
        CHECK(left.redirected("code").empty());
    }
    CHECK(idp.audited("authorization.refused"));
}

TEST_CASE("a page that is left answers in the response mode that the client asked for") {
    test_idp idp;
    for (const auto& stage : every_stage(idp, {{"response_mode", "form_post"}})) {
        CAPTURE(stage.first);
        const auto left = idp.press(stage.second, "cancel");
        CHECK(left.status() == 200);
        CHECK(left.hidden("error") == "access_denied");
        CHECK(left.hidden("state") == "state-1");
        CHECK(left.hidden("iss") == "https://idp.example");
        CHECK(left.raw->form_action == "https: http:");
    }
}

TEST_CASE("who may not use the application goes back to it, and a day later as well") {
    test_idp idp;
    const auto page = idp.sign_in("meso-web", "anna.noack", "Spreewald-7");
    REQUIRE(page.status() == 403);
    CHECK(page.shows("value=\"cancel\""));
    for (const auto* other : {"later", "allow", "continue", "sign-in"})
        CHECK(idp.press(page, other).status() == 400);
    idp.time.turn(24h);
    CHECK(idp.press(page, "cancel").redirected("error") == "access_denied");
}

TEST_CASE("the person's own pages wait for nobody: there is nothing to cancel") {
    test_idp idp;
    const auto page = idp.get("/account");
    CHECK_FALSE(page.shows("value=\"cancel\""));
    CHECK(idp.press(page, "cancel").location() == "/account");
}

TEST_CASE("a page that is left in another browser tells the client nothing") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    idp.forget_cookies();
    const auto anew = idp.press(page, "cancel");
    CHECK(anew.redirected("error").empty());
    CHECK_FALSE(anew.hidden("transaction").empty());
}

TEST_CASE("max_age holds at the notice's later: what lay open too long is proven anew") {
    test_idp idp;
    idp.directories.of("lebus", "anna.noack").who.password_expires_at = idp.time.now() + 24h;
    const auto notice =
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"max_age", "60"}});
    REQUIRE(notice.shows("value=\"later\""));
    idp.time.turn(61s);
    const auto anew = idp.press(notice, "later");
    CHECK(anew.status() == 200);
    CHECK(anew.town() == "Amt Lebus");
    // Told once: the code follows at once, and is of this moment.
    const auto tokens = idp.redeem("groupware-web", idp.press(anew, "sign-in", anna));
    REQUIRE(tokens.status() == 200);
    CHECK(test_idp::payload(tokens.text("id_token")).at("auth_time").as_int64() ==
          to_unix_seconds(idp.time.now()));
}

TEST_CASE("max_age holds at the notice's new password, and within it later leads on") {
    test_idp idp;
    idp.directories.of("lebus", "anna.noack").who.password_expires_at = idp.time.now() + 24h;
    const auto notice =
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"max_age", "60"}});
    idp.time.turn(59s);
    CHECK_FALSE(idp.press(notice, "later").redirected("code").empty());
    idp.time.turn(2s);
    const auto changed = idp.press(notice, "change-password",
                                   {{"password", "Spreewald-7"},
                                    {"new-password", "Neues-Wort-1"},
                                    {"new-password-again", "Neues-Wort-1"}});
    CHECK(changed.redirected("code").empty());
    CHECK(changed.town() == "Amt Lebus");
}

TEST_CASE("prompt=login and max_age=0 hold at the notice and at the consent") {
    for (const auto& asked : {fields{{"prompt", "login"}}, fields{{"max_age", "0"}}}) {
        CAPTURE(asked.front().first);
        test_idp idp;
        REQUIRE(idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
        idp.time.turn(1s);
        const auto page = idp.authorize("dms-web", asked);
        REQUIRE(page.shows("name=\"password\""));
        idp.directories.of("lebus", "anna.noack").who.password_expires_at = idp.time.now() + 24h;
        const auto notice = idp.press(page, "sign-in", anna);
        const auto consent = idp.press(notice, "later");
        REQUIRE(consent.shows("value=\"allow\""));
        CHECK_FALSE(idp.press(consent, "allow").redirected("code").empty());
        // The pages lie open, and somebody finds them.
        idp.time.turn(11min);
        for (const auto& again : {idp.press(notice, "later"), idp.press(consent, "allow")}) {
            CHECK(again.redirected("code").empty());
            CHECK(again.shows("name=\"password\""));
        }
    }
}

TEST_CASE("max_age holds at the consent, which is remembered over the new sign-in") {
    test_idp idp;
    const auto consent = idp.sign_in("dms-web", "anna.noack", "Spreewald-7", {{"max_age", "60"}});
    REQUIRE(consent.shows("value=\"allow\""));
    idp.time.turn(61s);
    const auto anew = idp.press(consent, "allow");
    REQUIRE(anew.shows("name=\"password\""));
    CHECK_FALSE(idp.press(anew, "sign-in", anna).redirected("code").empty());
}

TEST_CASE("max_age counts to the second, at the endpoint as well") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    idp.time.turn(60s);
    CHECK_FALSE(idp.authorize("groupware-web", {{"max_age", "60"}}).redirected("code").empty());
    idp.time.turn(1s);
    CHECK(idp.authorize("groupware-web", {{"max_age", "60"}}).redirected("code").empty());
    CHECK(idp.authorize("groupware-web", {{"max_age", "60"}, {"prompt", "none"}}).status() == 303);
}

TEST_CASE("attack: pages after a sign-in go on for that session only, and for an hour") {
    test_idp idp;
    auto& account = idp.directories.of("lebus", "anna.noack");
    account.who.password_expires_at = idp.time.now() + 24h;
    const auto notice = idp.sign_in("dms-web", "anna.noack", "Spreewald-7");
    const auto consent = idp.press(notice, "later");
    REQUIRE(consent.shows("value=\"allow\""));
    // Another person takes the browser over.
    idp.cookies().erase("__Host-kommpass-session");
    const auto jan =
        idp.fill_in(idp.authorize("groupware-web"), "jan.kowal", "Chosebuz-8", "cottbus");
    REQUIRE(jan.status() == 303);
    // Begun anew, as the one who is there now: Cottbus has not booked it.
    CHECK(idp.press(notice, "later").status() == 403);
    CHECK(idp.press(consent, "allow").status() == 403);
    CHECK_FALSE(idp.audited("consent.given"));

    idp.forget_cookies();
    account.who.password_expires_at.reset();
    const auto mine = idp.sign_in("dms-web", "anna.noack", "Spreewald-7");
    REQUIRE(mine.shows("value=\"allow\""));
    idp.time.turn(61min);
    CHECK(idp.press(mine, "allow").shows("value=\"allow\""));  // asked once more
    CHECK_FALSE(idp.audited("consent.given"));
}

TEST_CASE("attack: a password is changed only on the page that its right old one has led to") {
    test_idp idp;
    const auto password = password_page(idp, "groupware-web", {});
    const fields change{{"username", "anna.noack"},
                        {"password", "Spreewald-7"},
                        {"new-password", "Neues-Wort-1"},
                        {"new-password-again", "Neues-Wort-1"}};
    (void)idp.press(password, "change-password", change);
    CHECK(idp.directories.of("lebus", "anna.noack").password == "Spreewald-7");

    auto& account = idp.directories.of("lebus", "anna.noack");
    account.fails_with = sign_in_error::password_expired;
    account.may_change = true;
    idp.directories.add("lebus", "uwe.lehmann", "Oderbruch-3");
    const auto page = idp.press(password, "sign-in", anna);
    REQUIRE(page.shows("name=\"new-password\""));
    auto other = change;
    other[0].second = "uwe.lehmann";
    other[1].second = "Oderbruch-3";
    (void)idp.press(page, "change-password", other);
    CHECK(idp.directories.of("lebus", "uwe.lehmann").password == "Oderbruch-3");
    CHECK_FALSE(idp.press(page, "change-password", change).redirected("code").empty());
}

TEST_CASE("a sub in the claims parameter holds through the sign-in, whoever signs in there") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    const std::string sub(test_idp::payload(tokens.text("id_token")).at("sub").as_string());
    const fields wanted{{"claims", R"({"id_token":{"sub":{"value":")" + sub + R"("}}})"}};
    CHECK_FALSE(idp.authorize("groupware-web", wanted).redirected("code").empty());

    idp.forget_cookies();
    const auto page = idp.authorize("groupware-web", wanted);
    const auto jan = idp.fill_in(page, "jan.kowal", "Chosebuz-8", "cottbus");
    CHECK(jan.redirected("code").empty());
    CHECK(jan.redirected("error") == "login_required");
}

TEST_CASE("prompt=login for whom nobody knows yet leaves the name to be corrected") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web", {{"prompt", "login"}});
    const auto wrong = idp.fill_in(page, "ana.noack", "Spreewald-7");
    CHECK_FALSE(wrong.shows("readonly"));
    CHECK(wrong.shows("value=\"members\""));
    CHECK_FALSE(idp.press(wrong, "sign-in", anna).redirected("code").empty());
    const auto anew = idp.authorize("groupware-web", {{"prompt", "login"}});
    CHECK(anew.shows("readonly"));
}
