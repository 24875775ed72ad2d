// A password reaches only a directory that the person chose. The hostile member here is Lebus: its
// directory keeps what it is sent, and its people prepare links. The person works in Cottbus.
#include "idp/login/chosen_member.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

constexpr auto secret_of_cottbus = "Chosebuz-8";

// A person who reads nothing but the fields: types a bare name and the password into whatever page
// comes, and presses the button that is there.
answer types_a_bare_name(test_idp& idp, answer page) {
    for (int pages = 0; pages < 4 && page.status() == 200 && !page.shows("choose:"); ++pages) {
        const bool asks_password = page.shows("name=\"password\"");
        page = idp.press(page, asks_password ? "sign-in" : "continue",
                         {{"username", "jan.kowal"},
                          {"member", "lebus"},
                          {"password", asks_password ? secret_of_cottbus : ""}});
    }
    return page;
}

bool reached_lebus(test_idp& idp) { return !idp.directories.passwords_seen["lebus"].empty(); }

const std::vector<std::string> hints{
    "@amt-lebus.example",
    "x@amt-lebus.example",
    "jan.kowal@amt-lebus.example",
    "AMT-LEBUS.EXAMPLE\\",
    "amt-lebus.example\\jan.kowal",
    " @amt-lebus.example",
    "jan.kowal                                              @amt-lebus.example",
    "jan.kowal\xc2\xa0@amt-lebus.example",
    "jan.kowal\xe2\x80\x8b@amt-lebus.example",
    "\xe2\x80\xae"
    "elpmaxe.subel-tma@jan.kowal",
    "jan.kowal@cottbus.example@amt-lebus.example",
    "cottbus.example\\jan.kowal@amt-lebus.example",
    "jan.kowal@AMT-LEBUS.EXAMPLE",
    "jan.kowal\xef\xbc\xa0"
    "amt-lebus.example",
    "amt-lebus.example\xef\xbc\xbcjan.kowal",
    "lebus",
    std::string(5000, 'x') + "@amt-lebus.example",
    "jan.kowal@amt-lebus.example\n",
};

}  // namespace

TEST_CASE("attack: no hint of a link sends a bare name's password to the member that it names") {
    for (const auto& hint : hints) {
        CAPTURE(hint);
        test_idp idp;
        const auto page = idp.authorize("groupware-web", {{"login_hint", hint}});
        CHECK(page.town().empty());
        const auto end = types_a_bare_name(idp, page);
        CHECK_FALSE(reached_lebus(idp));
        CHECK(end.shows("choose:cottbus"));  // asked, instead
    }
}

TEST_CASE("attack: nor does a hint that the person confirms, and overwrites on the next page") {
    for (const auto& hint : hints) {
        CAPTURE(hint);
        test_idp idp;
        const auto page = idp.authorize("groupware-web", {{"login_hint", hint}});
        const auto next = idp.press(page, "continue", {{"username", page.hidden("username")}});
        const auto end = types_a_bare_name(idp, next);
        CHECK_FALSE(reached_lebus(idp));
        CHECK((end.shows("choose:cottbus") || end.shows("Verwaltung kennen wir nicht")));
    }
}

TEST_CASE("attack: nor in a browser that remembers Cottbus, where the password goes to Cottbus") {
    for (const auto& hint : hints) {
        CAPTURE(hint);
        test_idp idp;
        const auto home =
            idp.fill_in(idp.authorize("groupware-web"), "jan.kowal", secret_of_cottbus, "cottbus");
        REQUIRE(home.status() == 303);
        idp.cookies().erase("__Host-kommpass-session");
        const auto page = idp.authorize("groupware-web", {{"login_hint", hint}});
        CHECK(page.town() != "Amt Lebus");
        CHECK(types_a_bare_name(idp, page).status() == 303);
        CHECK_FALSE(reached_lebus(idp));
    }
}

TEST_CASE("attack: no other parameter and no field of the form picks the member") {
    for (const auto& more :
         std::vector<fields>{{{"member", "lebus"}},
                             {{"domain_hint", "amt-lebus.example"}},
                             {{"hd", "amt-lebus.example"}},
                             {{"kc_idp_hint", "lebus"}},
                             {{"acr_values", "lebus"}},
                             {{"claims", R"({"id_token":{"member":{"value":"lebus"}}})"}},
                             {{"ui_locales", "lebus"}},
                             {{"prompt", "login"}, {"login_hint", "@amt-lebus.example"}},
                             {{"prompt", "select_account"}, {"login_hint", "x@amt-lebus.example"}},
                             {{"max_age", "0"}, {"login_hint", "x@amt-lebus.example"}}}) {
        CAPTURE(more.front().first);
        test_idp idp;
        const auto page = idp.authorize("groupware-web", more);
        CHECK(page.town().empty());
        (void)types_a_bare_name(idp, page);
        CHECK_FALSE(reached_lebus(idp));
    }
}

TEST_CASE("attack: a cookie that is planted, copied in plain or changed picks nobody") {
    test_idp own;
    REQUIRE(own.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
    const auto real = own.cookies()["__Host-kommpass-member"];
    REQUIRE(real.starts_with("lebus."));
    for (const auto& planted :
         {std::string("lebus"), std::string("lebus."), real.substr(0, real.size() - 2),
          "cottbus" + real.substr(5), real + "x", std::string(2000, 'x')}) {
        CAPTURE(planted);
        test_idp idp;
        idp.cookies()["__Host-kommpass-member"] = planted;
        const auto page = idp.authorize("groupware-web");
        CHECK(page.town().empty());
        (void)types_a_bare_name(idp, page);
        CHECK_FALSE(reached_lebus(idp));
    }
}

TEST_CASE("attack: a name of Lebus is dropped where the person picks Cottbus from the list") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web", {{"login_hint", "x@amt-lebus.example"}});
    const auto list = idp.press(page, "members", {{"username", "x@amt-lebus.example"}});
    const auto picked = idp.press(list, "choose:cottbus", {{"username", "x@amt-lebus.example"}});
    CHECK(picked.town() == "Stadt Cottbus");
    CHECK_FALSE(picked.shows("amt-lebus"));
    CHECK(types_a_bare_name(idp, picked).status() == 303);
    CHECK_FALSE(reached_lebus(idp));
}

TEST_CASE("a name of another member on a password page sends nothing before that page names it") {
    test_idp idp;
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
    idp.directories.passwords_seen.clear();
    idp.cookies().erase("__Host-kommpass-session");
    const auto page = idp.authorize("groupware-web");
    REQUIRE(page.town() == "Amt Lebus");
    const fields jan{{"username", "jan.kowal@cottbus.example"}, {"password", secret_of_cottbus}};
    const auto named = idp.press(page, "sign-in", jan);
    CHECK(named.town() == "Stadt Cottbus");
    CHECK(named.shows("Ihr Kennwort wurde nicht gesendet"));
    CHECK_FALSE(named.shows(secret_of_cottbus));
    CHECK(idp.directories.passwords_seen.empty());

    CHECK(idp.press(named, "sign-in", jan).status() == 303);
    CHECK_FALSE(reached_lebus(idp));
}

TEST_CASE("what a person does is a choice: a pick, their own domain, a sign-in before") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    const auto list = idp.press(page, "continue", {{"username", "jan.kowal"}});
    const auto picked = idp.press(list, "choose:cottbus", {{"username", "jan.kowal"}});
    CHECK(picked.town() == "Stadt Cottbus");
    CHECK(types_a_bare_name(idp, picked).status() == 303);

    idp.cookies().erase("__Host-kommpass-session");
    const auto remembered = idp.authorize("groupware-web", {{"login_hint", "jan.kowal"}});
    CHECK(remembered.town() == "Stadt Cottbus");
    CHECK(remembered.shows("jan.kowal"));
    const auto hinted =
        idp.authorize("groupware-web", {{"login_hint", "jan.kowal@cottbus.example"}});
    CHECK(hinted.town() == "Stadt Cottbus");

    idp.forget_cookies();
    const auto named = idp.press(idp.authorize("groupware-web"), "continue",
                                 {{"username", "jan.kowal@cottbus.example"}});
    CHECK(named.town() == "Stadt Cottbus");
    CHECK_FALSE(reached_lebus(idp));
}

TEST_CASE("a wrong password and a page only looked at are remembered by nobody") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    (void)idp.fill_in(page, "anna.noack", "falsch");
    (void)idp.press(page, "choose:lebus", {{"username", "anna.noack"}});
    (void)idp.press(page, "continue", {{"username", "anna.noack@amt-lebus.example"}});
    CHECK_FALSE(idp.cookies().contains("__Host-kommpass-member"));
    CHECK(idp.authorize("groupware-web").town().empty());
}

TEST_CASE("the language may change on the way, the member does not") {
    test_idp idp;
    const auto hinted = idp.press(idp.authorize("groupware-web"), "continue",
                                  {{"username", "x@amt-lebus.example"}});
    REQUIRE(hinted.town() == "Amt Lebus");
    const auto english = idp.press(hinted, "language:en",
                                   {{"username", "x@amt-lebus.example"}, {"member", "lebus"}});
    CHECK(english.town() == "Amt Lebus");
    CHECK(types_a_bare_name(idp, english).shows("choose:cottbus"));
    CHECK_FALSE(reached_lebus(idp));
}

TEST_CASE("a hint is filled in where a person can read it at a glance, and never an error") {
    using idp::login::name_of_hint;
    CHECK(name_of_hint("anna.noack@amt-lebus.example") == "anna.noack@amt-lebus.example");
    CHECK(name_of_hint("LEBUS\\anna") == "LEBUS\\anna");
    CHECK(name_of_hint("m\xc4\x9br\xc4\x87in.nowak") == "m\xc4\x9br\xc4\x87in.nowak");
    CHECK(name_of_hint("buffy@host") == "buffy@host");
    for (const auto* other :
         {"", "@amt-lebus.example", "LEBUS\\", "anna noack", "anna\tnoack", "a@b@c", "a\\b@c",
          "\xff\xfe", "anna\xe2\x80\x8bnoack", "<b>", "anna\"", "\xd7\x90"})
        CHECK(name_of_hint(other).empty());
    CHECK(name_of_hint(std::string(129, 'a')).empty());
}
