// What follows a form: a redirect to a page of ours, which goes on by itself. "Back" finds pages
// and no forms to send again, and no policy of ours holds what an application redirects to.
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/store.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

const fields anna{{"username", "anna.noack"}, {"password", "Spreewald-7"}};

fields pressed(const answer& page, const std::string& action, const fields& more = {}) {
    fields form{{"transaction", page.hidden("transaction")}, {"action", action}};
    form.insert(form.end(), more.begin(), more.end());
    return form;
}

// The answer to the form itself, as it comes over the wire.
answer raw_press(test_idp& idp, const answer& page, const std::string& action,
                 const fields& more = {}) {
    return idp.send(idp.as_post("/sign-in", pressed(page, action, more)));
}

answer visit(test_idp& idp, const std::string& address) {
    const auto mark = address.find('?');
    const auto query = idp::http::form::parse(address.substr(mark + 1));
    return idp.get(address.substr(0, mark), query->all());
}

answer password_page(test_idp& idp, const std::string& client = "groupware-web",
                     const fields& more = {}) {
    const auto list =
        idp.press(idp.authorize(client, more), "continue", {{"username", "anna.noack"}});
    return idp.press(list, "choose:lebus", {{"username", "anna.noack"}});
}

std::string leads_to(const answer& page) { return page.header("Refresh"); }

}  // namespace

TEST_CASE("every form of a sign-in is answered with a redirect to a page of ours") {
    test_idp idp;
    const auto first = idp.authorize("dms-web");
    const auto password = password_page(idp, "dms-web");
    const auto forms = {
        raw_press(idp, first, "continue", {{"username", "anna.noack"}}),
        raw_press(idp, first, "members", {{"username", "anna.noack"}}),
        raw_press(idp, first, "choose:lebus"),
        raw_press(idp, first, "language:en"),
        raw_press(idp, password, "sign-in", {{"username", "anna.noack"}, {"password", "falsch"}}),
        raw_press(idp, first, "cancel"),
        raw_press(idp, password, "sign-in", anna),
    };
    for (const auto& answered : forms) {
        CHECK(answered.status() == 303);
        CHECK(answered.location().starts_with("/sign-in?page="));
        for (const auto* secret : {"anna", "code", "Spreewald", "falsch"})
            CHECK(answered.location().find(secret) == std::string::npos);
        CHECK(visit(idp, answered.location()).raw->kind == idp::http::answer_kind::page);
    }
}

TEST_CASE("the page after a sign-in goes on to the application by itself, and by a link") {
    test_idp idp;
    const auto answered = raw_press(idp, password_page(idp), "sign-in", anna);
    const auto page = visit(idp, answered.location());
    CHECK(page.status() == 200);
    CHECK(leads_to(page).starts_with("0;url=https://groupware-web.example/callback?code="));
    CHECK(page.shows("href=\"https://groupware-web.example/callback?code="));
    CHECK((page.raw->form_action.empty() || page.raw->form_action == "'self'"));
    CHECK(page.raw->script_hash.empty());
}

TEST_CASE("a sign-in is one durable unit of work, and the page after it none") {
    test_idp idp;
    const auto password = password_page(idp);
    const auto before = idp.parts().memory.statistics().writes;
    const auto answered = raw_press(idp, password, "sign-in", anna);
    const auto after = idp.parts().memory.statistics();
    CHECK(after.writes == before + 1);
    (void)visit(idp, answered.location());
    CHECK(idp.parts().memory.statistics().writes == after.writes);
    CHECK(idp.parts().memory.statistics().reads == after.reads);
}

TEST_CASE("back finds the pages again, each as it was") {
    test_idp idp;
    const auto shown = raw_press(idp, idp.authorize("groupware-web"), "choose:lebus",
                                 {{"username", "anna.noack"}});
    const auto wrong = raw_press(idp, visit(idp, shown.location()), "sign-in",
                                 {{"username", "anna.noack"}, {"password", "falsch"}});
    (void)idp.press(visit(idp, wrong.location()), "sign-in", anna);
    CHECK(visit(idp, shown.location()).town() == "Amt Lebus");
    CHECK(visit(idp, shown.location()).shows("value=\"anna.noack\""));
    CHECK(visit(idp, wrong.location()).shows("hat nicht geklappt"));
    CHECK_FALSE(
        idp.press(visit(idp, shown.location()), "sign-in", anna).redirected("code").empty());
}

TEST_CASE("form_post: the page posts itself, and lets the application redirect anywhere") {
    test_idp idp;
    const auto answered =
        raw_press(idp, password_page(idp, "groupware-web", {{"response_mode", "form_post"}}),
                  "sign-in", anna);
    CHECK(answered.location().starts_with("/sign-in?page="));
    const auto page = visit(idp, answered.location());
    CHECK_FALSE(page.hidden("code").empty());
    CHECK(page.raw->form_action == "https: http:");
    CHECK_FALSE(page.raw->script_hash.empty());
}

TEST_CASE("a program's own address is led to by a redirect, which a browser opens at once") {
    using namespace idp::oauth;
    const idp::web::frame frame;
    const answer program{go_out("de.brandenburg.app:/callback?code=x", frame, way_out::page)};
    CHECK(program.status() == 303);
    CHECK(program.location() == "de.brandenburg.app:/callback?code=x");
    const answer loopback{go_out("http://127.0.0.1:4711/callback?code=x", frame, way_out::page)};
    CHECK(leads_to(loopback) == "0;url=http://127.0.0.1:4711/callback?code=x");
    CHECK(go_out("https://a.example/", frame, way_out::redirect).status == 303);
}

TEST_CASE("attack: the page with a code is worth nothing in another browser, and begins anew") {
    test_idp idp;
    const auto answered = raw_press(idp, password_page(idp), "sign-in", anna);
    idp.forget_cookies();
    const auto page = visit(idp, answered.location());
    CHECK(leads_to(page).empty());
    CHECK_FALSE(page.hidden("transaction").empty());
    CHECK_FALSE(page.shows("callback?code"));

    // Nor does it hand the one browser's code to somebody who is signed in with another.
    const auto jan = idp.fill_in(page, "jan.kowal", "Chosebuz-8", "cottbus");
    const answer again{idp::http::see_other(leads_to(visit(idp, answered.location())).substr(6))};
    const auto subject_of = [&](const answer& redirect) {
        const auto tokens = idp.redeem("groupware-web", redirect);
        return test_idp::payload(tokens.text("id_token")).at("sub");
    };
    CHECK(subject_of(jan) == subject_of(again));
}

TEST_CASE("attack: a page with a code is good for a minute; then its request begins anew") {
    test_idp idp;
    const auto answered = raw_press(idp, password_page(idp), "sign-in", anna);
    const auto first = leads_to(visit(idp, answered.location()));
    idp.time.turn(62s);
    const auto late = leads_to(visit(idp, answered.location()));
    CHECK(late.starts_with("0;url=https://groupware-web.example/callback?code="));
    CHECK(late != first);
    idp.cookies().erase("__Host-kommpass-session");
    CHECK_FALSE(visit(idp, answered.location()).hidden("transaction").empty());
}

TEST_CASE("attack: a page leads only to where the registry allows at that moment") {
    test_idp idp;
    const auto answered = raw_press(idp, password_page(idp), "sign-in", anna);
    idp.change_registry([](policies::registry& all) {
        for (auto& [key, application] : all.applications) {
            for (auto& client : application.clients) {
                if (client.id == client_id("groupware-web"))
                    client.redirect_uris = {"https://elsewhere.example/callback"};
            }
        }
    });
    const auto page = visit(idp, answered.location());
    CHECK(page.status() == 400);
    CHECK(leads_to(page).empty());
    CHECK_FALSE(page.shows("href=\"https://groupware-web"));
}

TEST_CASE("attack: what we have not sealed for this leads to one's own pages and nowhere else") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    const auto answered = raw_press(idp, password_page(idp), "sign-in", anna);
    auto altered = answered.location();
    altered[40] = altered[40] == 'A' ? 'B' : 'A';
    for (const auto& address :
         {std::string("/sign-in?page="), std::string("/sign-in?page=https://evil.example/"),
          "/sign-in?page=" + page.hidden("transaction"), altered,
          "/sign-in?page=" + std::string(20'000, 'A'), std::string("/sign-in?x=y")}) {
        const auto led = visit(idp, address);
        CHECK(led.status() == 303);
        CHECK(led.location() == "/account");
    }
    CHECK(idp.get("/sign-in").location() == "/account");
    // A page's address is no form's transaction either.
    CHECK(idp.post("/sign-in", {{"transaction", answered.location().substr(14)}}).status() == 400);
}

TEST_CASE("attack: a page that goes on from a session shows it to no other one") {
    test_idp idp;
    const auto asks = raw_press(idp, password_page(idp, "dms-web"), "sign-in", anna);
    REQUIRE(visit(idp, asks.location()).shows("value=\"allow\""));
    idp.cookies().erase("__Host-kommpass-session");
    const auto page = visit(idp, asks.location());
    CHECK_FALSE(page.shows("value=\"allow\""));
    CHECK_FALSE(page.shows("Anna Noack"));
    CHECK_FALSE(page.hidden("transaction").empty());
}

TEST_CASE("two tabs of a browser without cookies: one goes on, then the other, and both arrive") {
    test_idp idp;
    const auto one = idp.authorize("groupware-web");
    idp.forget_cookies();  // both were asked for before either was answered
    const auto other = idp.authorize("dms-web");
    const auto again = idp.press(one, "continue", {{"username", "anna.noack"}});
    CHECK(again.status() == 200);
    CHECK(again.shows("value=\"anna.noack\""));
    CHECK_FALSE(idp.fill_in(again, "anna.noack", "Spreewald-7").redirected("code").empty());
    const auto consent = idp.fill_in(other, "anna.noack", "Spreewald-7");
    CHECK_FALSE(idp.press(consent, "allow").redirected("code").empty());
}

TEST_CASE("a page submitted after a restart of the browser begins anew, and says so") {
    test_idp idp;
    const auto page = password_page(idp);
    idp.forget_cookies();
    const auto asked = idp.directories.password_checks;
    const auto anew = idp.press(page, "sign-in", anna);
    CHECK(idp.directories.password_checks == asked);  // this browser has not begun it
    CHECK(anew.status() == 200);
    CHECK(anew.shows("Diese Seite lag lange offen"));
    CHECK(anew.shows("value=\"anna.noack\""));
    CHECK_FALSE(anew.shows("Spreewald-7"));
    const auto arrived = idp.fill_in(anew, "anna.noack", "Spreewald-7");
    CHECK(arrived.redirected("state") == "state-1");
    CHECK_FALSE(arrived.redirected("code").empty());
}

TEST_CASE("who is signed in meanwhile arrives from an old page without another question") {
    test_idp idp;
    const auto old = password_page(idp);
    const auto bookmark = raw_press(idp, old, "language:en").location();
    idp.forget_cookies();
    REQUIRE(idp.sign_in("dms-web", "anna.noack", "Spreewald-7").status() == 200);
    CHECK_FALSE(
        idp.press(old, "continue", {{"username", "anna.noack"}}).redirected("code").empty());
    idp.time.turn(70min);
    CHECK(leads_to(visit(idp, bookmark)).starts_with("0;url=https://groupware-web.example/"));
}

TEST_CASE("attack: a prepared page names no member by the name that was put into it") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    idp.forget_cookies();
    const auto anew =
        idp.press(page, "sign-in", {{"username", "x@amt-lebus.example"}, {"password", "Falle-1"}});
    CHECK(anew.town().empty());
    CHECK(idp.directories.passwords_seen.empty());
    for (const auto* name : {"jan.kowal\xc2\xa0@amt-lebus.example", "<b>x</b>"}) {
        const auto strange = idp.press(page, "continue", {{"username", name}});
        CHECK(strange.hidden("username").empty());
    }
}

TEST_CASE("a browser that takes no cookies is told so at the second try") {
    test_idp idp;
    const auto page = idp.authorize("groupware-web");
    idp.forget_cookies();
    const auto anew = idp.press(page, "continue", {{"username", "anna.noack"}});
    CHECK(anew.status() == 200);
    idp.forget_cookies();
    const auto told = idp.press(anew, "continue", {{"username", "anna.noack"}});
    CHECK(told.status() == 403);
    CHECK(told.shows("Cookies"));
}

TEST_CASE("a request too long for an address is answered at once, and still not by a redirect") {
    test_idp idp;
    const fields more{{"state", std::string(6'000, 's')}};
    const auto password = password_page(idp, "groupware-web", more);
    REQUIRE(password.town() == "Amt Lebus");
    const auto answered = raw_press(idp, password, "sign-in", anna);
    CHECK(answered.status() == 200);
    CHECK(leads_to(answered).starts_with("0;url=https://groupware-web.example/callback?code="));
}

TEST_CASE("pages of one's own: what was typed is there after signing in again, without passwords") {
    test_idp idp;
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
    const auto page = idp.get("/account/role");
    idp.cookies().erase("__Host-kommpass-session");
    const auto asked = idp.post("/account/role", {{"csrf", page.hidden("csrf")},
                                                  {"action", "deputy"},
                                                  {"role", "groupware.user"},
                                                  {"deputy", "bernd.koch"},
                                                  {"until", "2026-12-24"},
                                                  {"reason", "Urlaub im Spreewald"}});
    REQUIRE(asked.shows("name=\"transaction\""));
    const auto arrived = idp.fill_in(asked, "anna.noack", "Spreewald-7");
    CHECK(arrived.shows("value=\"Urlaub im Spreewald\""));
    CHECK(arrived.shows("value=\"bernd.koch\""));

    idp.cookies().erase("__Host-kommpass-session");
    const auto password = idp.post("/account/password", {{"password", "Spreewald-7"},
                                                         {"new-password", "Neues-Wort-1"},
                                                         {"new-password-again", "Neues-Wort-1"}});
    const auto form = idp.fill_in(password, "anna.noack", "Spreewald-7");
    CHECK(form.location() == "/account/password");
    CHECK(idp.directories.of("lebus", "anna.noack").password == "Spreewald-7");
}

TEST_CASE("attack: another person's link carries nothing into one's own form") {
    test_idp idp;
    REQUIRE(idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").status() == 303);
    const auto page = idp.get("/account/role");
    const auto typed = idp.send(idp.as_post("/account/role", {{"csrf", page.hidden("csrf")},
                                                              {"action", "deputy"},
                                                              {"role", "groupware.user"},
                                                              {"deputy", "eve"},
                                                              {"until", "gestern"},
                                                              {"reason", "Falle"}}));
    REQUIRE(typed.location().starts_with("/account/role?carried="));
    CHECK(visit(idp, typed.location()).shows("Falle"));
    idp.forget_cookies();
    const auto jan =
        idp.fill_in(idp.authorize("groupware-web"), "jan.kowal", "Chosebuz-8", "cottbus");
    REQUIRE(jan.status() == 303);
    CHECK(visit(idp, typed.location()).status() == 200);
    CHECK_FALSE(visit(idp, typed.location()).shows("Falle"));
}
