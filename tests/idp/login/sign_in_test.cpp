#include "idp/login/sign_in_state.hpp"
#include "idp/sessions/identity_json.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

TEST_CASE("an identity survives being kept as JSON, and other text gives nothing") {
    identity who;
    who.member = member_slug("cottbus");
    who.id = directory_id("5f0e");
    who.dn = "uid=jan,dc=cottbus";
    who.display_name = "Jan Kowal \"Chóśebuz\"";
    who.groups = {{"cn=a,dc=x", "a", {}},
                  {"cn=b,dc=x", "b", {"a", "ä"}},
                  {"cn=c,dc=x", "c", {}, {"C!", "ć"}},
                  {"cn=d,dc=x", "d", {"a"}, {"D"}}};
    who.attributes = {{"departmentnumber", {"33", "34"}}};
    who.groups_cut_off = true;

    CHECK(idp::sessions::identity_from_json(idp::sessions::to_json(who)) == who);
    for (const auto* other : {"", "[]", "{}", R"({"m":1})", "null"}) {
        CHECK_FALSE(idp::sessions::identity_from_json(other).has_value());
    }
}

TEST_CASE("a name whose domain is a member's leads to that member's password page") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    const auto next = idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                            {"username", "jan.kowal@cottbus.example"},
                                            {"action", "continue"}});
    CHECK(next.town() == "Stadt Cottbus");
}

TEST_CASE(
    "a name without a domain leads to the list, the list is searched, and the choice is "
    "remembered after the sign-in") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    const auto list = idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                            {"username", "anna.noack"},
                                            {"action", "continue"}});
    CHECK(list.shows("choose:lebus"));
    CHECK(list.shows("choose:cottbus"));
    const auto found = idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                             {"username", "anna.noack"},
                                             {"query", "LEB"},
                                             {"action", "search"}});
    CHECK(found.shows("choose:lebus"));
    CHECK_FALSE(found.shows("choose:cottbus"));

    const auto chosen = idp.post("/sign-in", {{"transaction", page.hidden("transaction")},
                                              {"username", "anna.noack"},
                                              {"action", "choose:lebus"}});
    CHECK(chosen.town() == "Amt Lebus");
    // To look is not to choose for good: that takes a sign-in.
    CHECK(idp.authorize("groupware-web").town().empty());
    REQUIRE(idp.press(chosen, "sign-in", {{"username", "anna.noack"}, {"password", "Spreewald-7"}})
                .status() == 303);
    CHECK(idp.authorize("groupware-web", {{"prompt", "select_account"}}).town() == "Amt Lebus");
}

TEST_CASE("wrong name and wrong password look the same") {
    test_idp idp;
    // What differs from page to page by nature: the sealed transaction, the reference number, the
    // name typed.
    const auto comparable = [](const answer& page, const std::string& name) {
        auto text = page.body();
        const auto erase_all = [&](const std::string& part) {
            for (auto at = text.find(part); at != std::string::npos; at = text.find(part))
                text.erase(at, part.size());
        };
        erase_all(page.hidden("transaction"));
        erase_all(name);
        const auto reference = text.find("test-");
        if (reference != std::string::npos)
            text.erase(reference, text.find_first_of("<\" ", reference) - reference);
        return text;
    };
    const auto page = idp.authorize("groupware-web");
    const auto wrong_password = idp.fill_in(page, "anna.noack", "falsch");
    const auto wrong_name = idp.fill_in(page, "anna.voigt", "falsch");

    CHECK(wrong_password.status() == wrong_name.status());
    CHECK(comparable(wrong_password, "anna.noack") == comparable(wrong_name, "anna.voigt"));
    CHECK(idp.audited("sign_in.failure"));
}

TEST_CASE(
    "locked, disabled and ambiguous accounts look like a wrong password; an expired password is "
    "told") {
    test_idp idp;
    using directory::sign_in_error;
    const auto page = idp.authorize("groupware-web");
    auto& anna = idp.directories.of("lebus", "anna.noack");
    const auto wrong = idp.fill_in(page, "anna.noack", "falsch").status();
    for (const auto hidden : {sign_in_error::account_locked, sign_in_error::account_disabled,
                              sign_in_error::ambiguous_name}) {
        anna.fails_with = hidden;
        CHECK(idp.fill_in(page, "anna.noack", "Spreewald-7").status() == wrong);
        idp.time.turn(std::chrono::hours(1));
    }
}

TEST_CASE("guessing is slowed for the account before the directory hears of it, and time heals") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    for (int i = 0; i < 20; ++i) idp.fill_in(page, "anna.noack", "falsch-" + std::to_string(i));
    const auto asked = idp.directories.password_checks;
    const auto slowed = idp.fill_in(page, "anna.noack", "Spreewald-7");

    CHECK(asked < 8);
    CHECK(slowed.status() == 429);
    CHECK_FALSE(slowed.header("Retry-After").empty());
    CHECK(idp.directories.password_checks == asked);
    CHECK(idp.audited("sign_in.throttled"));
    idp.time.turn(std::chrono::hours(1));
    CHECK(idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
}

TEST_CASE(
    "an unreachable directory is told plainly, with whom to call, and costs other members "
    "nothing") {
    test_idp idp;
    idp.directories.set_reachable("lebus", false);
    const auto page = idp.authorize("groupware-web");
    const auto told = idp.fill_in(page, "anna.noack", "Spreewald-7");
    CHECK(told.status() == 503);
    CHECK(told.shows("Amt Lebus"));
    CHECK(told.shows("0355 1234"));

    const auto other = idp.fill_in(page, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus");
    CHECK(other.status() == 303);
}

TEST_CASE("login CSRF: a sign-in prepared in another browser signs nobody in") {
    test_idp victim;
    const auto prepared = victim.authorize("groupware-web");
    const auto transaction = prepared.hidden("transaction");
    victim.forget_cookies();  // the same service, another browser
    victim.authorize("groupware-web");
    const auto answer = victim.post("/sign-in", {{"transaction", transaction},
                                                 {"username", "anna.noack"},
                                                 {"password", "Spreewald-7"},
                                                 {"action", "sign-in"}});
    CHECK(answer.redirected("code").empty());
    CHECK_FALSE(answer.hidden("transaction").empty());  // begun anew
    CHECK(victim.directories.password_checks == 0);
    CHECK_FALSE(victim.cookies().contains("__Host-kommpass-session"));
}

TEST_CASE(
    "session fixation: the session's cookie changes at every sign-in, and a planted one is worth "
    "nothing") {
    test_idp idp;
    const std::string planted(43, 'A');
    idp.cookies()["__Host-kommpass-session"] = planted;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto first = idp.cookies()["__Host-kommpass-session"];
    CHECK(first != planted);

    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"prompt", "login"}});
    CHECK(idp.cookies()["__Host-kommpass-session"] != first);
    idp.cookies()["__Host-kommpass-session"] = first;
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
}

TEST_CASE("a sign-in page that lay open for hours says so and keeps the name") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    idp.time.turn(std::chrono::hours(3));
    const auto late = idp.fill_in(page, "anna.noack", "Spreewald-7");
    CHECK(late.status() == 200);
    CHECK(late.shows("anna.noack"));
    CHECK(idp.fill_in(late, "anna.noack", "Spreewald-7").status() == 303);
}

TEST_CASE("tampered transactions, missing fields and wrong types get a page with a reference") {
    test_idp idp;
    for (const auto& form : {fields{}, fields{{"transaction", "AAAA"}},
                             fields{{"transaction", std::string(20000, 'A')}}}) {
        const auto answer = idp.post("/sign-in", form);
        CHECK(answer.status() == 400);
        CHECK(answer.shows("test-"));
    }
}

TEST_CASE("the person's own page lists sessions, ends one, and ends all") {
    test_idp idp;
    const auto asked = idp.get("/account");
    CHECK_FALSE(asked.hidden("transaction").empty());
    const auto first = idp.tokens("groupware-web");
    const auto first_cookies = idp.cookies();
    idp.forget_cookies();
    const auto second = idp.tokens("groupware-web");

    const auto page = idp.get("/account");
    const auto other = test_idp::payload(first.text("id_token")).at("sid").as_string();
    CHECK(page.shows("end:" + std::string(other)));
    CHECK(idp.post("/account", {{"csrf", "x"}, {"action", "end-all"}}).status() == 403);
    const auto ended = idp.post(
        "/account", {{"csrf", page.hidden("csrf")}, {"action", "end:" + std::string(other)}});
    CHECK(ended.location() == "/account");
    CHECK_FALSE(idp.get("/account").shows("end:" + std::string(other)));

    const auto all = idp.post("/account", {{"csrf", page.hidden("csrf")}, {"action", "end-all"}});
    CHECK(all.location() == "/sign-out");
    CHECK(idp.get("/sign-out").shows("Sie sind abgemeldet"));
    CHECK(idp.refresh("groupware-web", second.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
}

TEST_CASE("nobody ends another person's session") {
    test_idp idp;
    const auto anna = idp.tokens("groupware-web");
    idp.forget_cookies();
    const auto page = idp.authorize("groupware-web");
    (void)idp.fill_in(page, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus");
    const auto account = idp.get("/account");
    const std::string sid(test_idp::payload(anna.text("id_token")).at("sid").as_string());
    idp.post("/account", {{"csrf", account.hidden("csrf")}, {"action", "end:" + sid}});
    CHECK(idp.userinfo(anna.text("access_token")).status() == 200);
    CHECK(idp.refresh("groupware-web", anna.text("refresh_token")).status() == 200);
}
