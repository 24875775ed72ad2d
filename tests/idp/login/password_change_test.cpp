// A password that has expired, must be changed, will expire soon, or is changed by one's own wish.
#include "idp/http/request.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::password_change_error;
using directory::sign_in_error;

namespace {

// The password page's form, filled in.
answer change(test_idp& idp, const answer& page, const std::string& before,
              const std::string& after, const std::string& again) {
    return idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                 {"username", "anna.noack"},
                                 {"password", before},
                                 {"new-password", after},
                                 {"new-password-again", again},
                                 {"action", "change-password"}});
}

}  // namespace

TEST_CASE("who must change the password chooses a new one and goes on with it") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto old_password = anna.password;
    anna.fails_with = sign_in_error::password_must_change;
    anna.may_change = true;
    const auto page = idp.sign_in("groupware-web", "anna.noack", old_password);
    REQUIRE(page.status() == 200);
    CHECK(page.shows("Wählen Sie ein neues Kennwort"));
    CHECK(page.shows("name=\"new-password\""));
    CHECK_FALSE(page.shows(old_password));

    const auto differ = change(idp, page, old_password, "Neues-Wort-1", "Neues-Wort-2");
    CHECK(differ.shows("Die beiden neuen Kennwörter sind verschieden"));
    CHECK(change(idp, page, "falsch", "Neues-Wort-1", "Neues-Wort-1")
              .shows("Das bisherige Kennwort stimmt nicht"));
    const auto redirect = change(idp, differ, old_password, "Neues-Wort-1", "Neues-Wort-1");
    CHECK_FALSE(redirect.redirected("code").empty());
    CHECK(idp.redeem("groupware-web", redirect).status() == 200);
    CHECK(idp.audited("password.changed"));
}

TEST_CASE("what the directory thinks of a new password is told in its own words, and escaped") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.fails_with = sign_in_error::password_expired;
    anna.may_change = true;
    anna.change_fails_with = {password_change_error::quality, "detail", "<b>zu einfach</b>", {}};
    const auto page = idp.sign_in("groupware-web", "anna.noack", anna.password);
    CHECK(page.shows("Ihr Kennwort ist abgelaufen"));
    const auto refused = change(idp, page, anna.password, "kurz", "kurz");
    CHECK(refused.shows("Das neue Kennwort ist zu einfach"));
    CHECK(refused.shows("&lt;b&gt;zu einfach"));
}

TEST_CASE("a grace sign-in says how many are left; the change runs over its connection") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto old_password = anna.password;
    anna.fails_with = sign_in_error::password_expired;
    anna.may_change = true;
    anna.grace = directory::grace_sign_in{0, "verbindung-1"};
    anna.change_fails_with = {password_change_error::too_short,
                              "detail",
                              "",
                              {},
                              directory::grace_sign_in{0, "verbindung-2"}};
    const auto page = idp.sign_in("groupware-web", "anna.noack", old_password);
    CHECK(page.shows("Das war die letzte Anmeldung mit dem alten Kennwort"));
    CHECK_FALSE(page.shows("value=\"later\""));
    CHECK_FALSE(page.shows("verbindung-1"));

    const auto refused = change(idp, page, old_password, "kurz", "kurz");
    CHECK(refused.shows("Das neue Kennwort ist zu kurz"));
    CHECK(refused.shows("Das war die letzte Anmeldung"));
    anna.change_fails_with.reset();
    // A slip that never reaches the directory keeps what it has.
    const auto differ = change(idp, refused, old_password, "Neues-Wort-1", "Neues-Wort-2");
    const auto redirect = change(idp, differ, old_password, "Neues-Wort-1", "Neues-Wort-1");
    CHECK_FALSE(redirect.redirected("code").empty());
    CHECK(idp.directories.connections_seen ==
          std::vector<std::string>{"verbindung-1", "verbindung-2"});
}

TEST_CASE("after the last grace sign-in the page says the truth, and takes a new password") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto old_password = anna.password;
    anna.fails_with = sign_in_error::password_expired;
    anna.may_change = true;
    anna.grace = directory::grace_sign_in{2'147'483'647, "verbindung"};
    const auto many = idp.sign_in("groupware-web", "anna.noack", old_password);
    CHECK(many.shows("danach noch gehen: 1000"));
    anna.grace = directory::grace_sign_in{1, "verbindung"};
    const auto page = idp.sign_in("groupware-web", "anna.noack", old_password);
    CHECK(page.shows("nur noch eine Anmeldung"));
    anna.change_fails_with = {password_change_error::used_up, "detail", "", {}};
    const auto late = change(idp, page, old_password, "Neues-Wort-1", "Neues-Wort-1");
    CHECK(late.shows("Das abgelaufene Kennwort gilt nicht mehr"));
    CHECK(late.shows("Ihre IT kann ein neues setzen"));
    CHECK(late.shows("value=\"sign-in\""));
    // The IT has set one; the page that told so leads in.
    anna.fails_with.reset();
    anna.grace.reset();
    anna.password = "Von-der-IT-1";
    const auto in = idp.post("/sign-in", {{"transaction", late.hidden("transaction")},
                                          {"username", "anna.noack"},
                                          {"password", "Von-der-IT-1"},
                                          {"action", "sign-in"}});
    CHECK(idp.redeem("groupware-web", in).status() == 200);
}

TEST_CASE("the account page changes an expired password over the connection of the try before") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto old_password = anna.password;
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", old_password).redirected("code").size() > 0);
    anna.change_fails_with = {
        password_change_error::quality, "", "", {}, directory::grace_sign_in{0, "verbindung"}};
    const auto form_of = [&](const answer& page) {
        return fields{{"csrf", page.hidden("csrf")},
                      {"password", old_password},
                      {"new-password", "Neues-Wort-1"},
                      {"new-password-again", "Neues-Wort-1"}};
    };
    const auto refused = idp.post("/account/password", form_of(idp.get("/account/password")));
    CHECK(refused.shows("Das war die letzte Anmeldung"));
    const std::string_view begin = "action=\"/account/password?";
    const auto at = refused.body().find(begin);
    REQUIRE(at != std::string::npos);
    const auto from = at + begin.size();
    auto request = idp.as_post("/account/password", form_of(refused));
    request.query = refused.body().substr(from, refused.body().find('"', from) - from);
    anna.change_fails_with.reset();
    CHECK(idp.send(std::move(request)).location() == "/account/password?done");
    CHECK(idp.directories.connections_seen == std::vector<std::string>{"", "verbindung"});
}

TEST_CASE("where it cannot be changed here, the page says where") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.fails_with = sign_in_error::password_expired;
    const auto page = idp.sign_in("groupware-web", "anna.noack", anna.password);
    CHECK(page.shows("Strg + Alt + Entf"));
    CHECK_FALSE(page.shows("new-password"));
}

TEST_CASE("how an account stands is told after a right password, and only then") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.fails_with = sign_in_error::account_disabled;
    CHECK(idp.sign_in("groupware-web", "anna.noack", anna.password).shows("Konto ist gesperrt"));
    CHECK(idp.sign_in("groupware-web", "anna.noack", "falsch").shows("stimmt nicht"));
    anna.fails_with = sign_in_error::account_expired;
    CHECK(idp.sign_in("groupware-web", "anna.noack", anna.password).shows("Konto ist abgelaufen"));
}

TEST_CASE("a password that expires soon is told of once, and the sign-in goes on from there") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.who.password_expires_at = idp.time.now() + 72h + 1min;
    const auto page = idp.sign_in("groupware-web", "anna.noack", anna.password);
    REQUIRE(page.shows("in 3 Tagen"));
    const auto later = idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                             {"username", "anna.noack"},
                                             {"action", "later"}});
    CHECK(idp.redeem("groupware-web", later).status() == 200);
    // The session is there: no second page for the next application.
    CHECK_FALSE(idp.authorize("groupware-web").redirected("code").empty());
}

TEST_CASE("the notice leads to a new password as well") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.who.password_expires_at = idp.time.now() + 1h;
    const auto old_password = anna.password;
    const auto page = idp.sign_in("groupware-web", "anna.noack", old_password);
    CHECK(page.shows("heute"));
    const auto redirect = change(idp, page, old_password, "Neues-Wort-1", "Neues-Wort-1");
    CHECK(idp.redeem("groupware-web", redirect).status() == 200);
    CHECK(idp.directories.of("lebus", "anna.noack").password == "Neues-Wort-1");
}

TEST_CASE("the account page changes the password of its own session, and needs its token") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto old_password = anna.password;
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", old_password).redirected("code").size() > 0);
    CHECK(idp.get("/account").shows("/account/password"));
    const auto page = idp.get("/account/password");
    REQUIRE(page.shows("Ein neues Kennwort"));
    const fields passwords{{"password", old_password},
                           {"new-password", "Neues-Wort-1"},
                           {"new-password-again", "Neues-Wort-1"}};
    CHECK(idp.post("/account/password", passwords).status() == 403);
    auto form = passwords;
    form.emplace_back("csrf", page.hidden("csrf"));
    form.emplace_back("username", "mueller");  // the session says who it is
    auto wrong = form;
    wrong[0].second = "falsch";
    CHECK(idp.post("/account/password", wrong).shows("Das bisherige Kennwort stimmt nicht"));
    CHECK(idp.post("/account/password", form).location() == "/account/password?done");
    CHECK(idp.get("/account/password", {{"done", ""}}).shows("Ein neues Kennwort"));
    CHECK(anna.password == "Neues-Wort-1");
    idp.forget_cookies();
    CHECK_FALSE(idp.get("/account/password").shows("new-password"));
}

TEST_CASE("a member that wants no password changes here has none") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.members.at(member_slug("lebus")).directory.change_password = false;
    });
    auto& anna = idp.directories.of("lebus", "anna.noack");
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", anna.password).redirected("code").size() >
            0);
    CHECK_FALSE(idp.get("/account").shows("/account/password"));
    CHECK(idp.get("/account/password").status() == 404);
}

TEST_CASE("guessing old passwords is slowed down like guessing at the sign-in") {
    test_idp idp;
    auto& anna = idp.directories.of("lebus", "anna.noack");
    anna.fails_with = sign_in_error::password_must_change;
    anna.may_change = true;
    const auto page = idp.sign_in("groupware-web", "anna.noack", anna.password);
    bool slowed = false;
    for (int i = 0; i < 30 && !slowed; ++i)
        slowed = change(idp, page, "falsch", "Neues-Wort-1", "Neues-Wort-1").status() == 429;
    CHECK(slowed);
}

TEST_CASE("how long an unreachable directory is trusted is the member's setting") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.members.at(member_slug("lebus")).directory.trust_while_unreachable = 2h;
    });
    const auto tokens = idp.tokens("groupware-web", {{"scope", "openid offline_access"}});
    idp.directories.set_reachable("lebus", false);
    idp.directories.silent = 1h;
    const auto once = idp.refresh("groupware-web", tokens.text("refresh_token"));
    CHECK(once.status() == 200);
    idp.directories.silent = 3h;
    const auto later = idp.refresh("groupware-web", once.text("refresh_token"));
    CHECK(later.error() == "temporarily_unavailable");
    // Nothing has ended: when it answers again, the same token goes on.
    idp.directories.set_reachable("lebus", true);
    idp.directories.silent = 0s;
    CHECK(idp.refresh("groupware-web", once.text("refresh_token")).status() == 200);
}
