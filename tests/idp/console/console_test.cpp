// What the console does with bad input; what it looks like is tested in a browser.
#include "idp/admin/process_state.hpp"
#include "idp/console/pages.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/idp/console/at_console.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

TEST_CASE("the console is entered through the service's own OpenID Connect, and only so") {
    at_console scene;
    CHECK(scene.get("").status() == 200);
    CHECK(scene.idp.audited("token.issued"));
    auto& cookies = scene.idp.cookies();
    cookies.erase("__Host-kommpass-session");
    CHECK(scene.get("").location().starts_with("/authorize?"));
}

TEST_CASE("a callback that nobody asked for, or from another browser, signs nobody in") {
    at_console scene;
    // The way in begins anew: of two tabs that were restored, the first one's callback comes late.
    CHECK(scene.get("/callback?code=x&state=y&iss=https%3A%2F%2Fidp.example").location() ==
          "/console");
    scene.idp.forget_cookies();
    const auto begun = scene.get("");
    REQUIRE(begun.status() == 303);
    CHECK(scene.get("/callback?code=x&state=wrong&iss=https%3A%2F%2Fidp.example").location() ==
          "/console");
    CHECK_FALSE(scene.idp.cookies().contains("__Host-kommpass-console"));
    const auto state = begun.redirected("state");
    REQUIRE_FALSE(state.empty());
    CHECK(scene.get("/callback?code=x&state=" + state + "&iss=https%3A%2F%2Fevil.example")
              .location() == "/console");
    CHECK(
        scene.get("/callback?code=x&state=" + state + "&iss=https%3A%2F%2Fidp.example").status() ==
        400);
    CHECK_FALSE(scene.idp.cookies().contains("__Host-kommpass-console"));
}

TEST_CASE("a form without the page's own value does nothing") {
    at_console scene;
    const auto revision = scene.idp.parts().registry.get()->revision();
    const fields form{{"id", "neu"}, {"member", "lebus"},   {"group", "GG_X"},
                      {"why", "x"},  {"role", "dms.lesen"}, {"action", "activate"}};
    CHECK(scene.idp.post("/console/mappings/preview", form).status() == 403);
    CHECK(scene.idp.post("/console/mappings/preview", form).shows("zu alt"));
    auto forged = form;
    forged.emplace_back("csrf", "AAAA");
    CHECK(scene.idp.post("/console/mappings/preview", forged).status() == 403);
    CHECK(scene.idp.parts().registry.get()->revision() == revision);
    CHECK(scene.post("/mappings/preview", form).status() == 303);
    CHECK(scene.idp.parts().registry.get()->revision() == revision + 1);
}

TEST_CASE("a stale form is refused with everything that was typed still there") {
    at_console scene;
    const auto old = std::to_string(scene.idp.parts().registry.get()->revision());
    scene.idp.change_registry([](policies::registry& r) { r.mappings.erase("lebus-registratur"); });
    const auto again = scene.post("/mappings/preview", {{"id", "neu"},
                                                        {"member", "lebus"},
                                                        {"group", "GG_Getippt"},
                                                        {"why", "mein Grund"},
                                                        {"role", "dms.lesen"},
                                                        {"expected", old},
                                                        {"action", "activate"}});
    CHECK(again.status() == 412);
    CHECK(again.shows("Jemand anderes hat inzwischen etwas geändert"));
    CHECK(again.shows("GG_Getippt"));
    CHECK(again.shows("mein Grund"));
}

TEST_CASE("a refused form leads to its page by a redirect, which shows it again and does nothing") {
    at_console scene;
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto raw = [&](const std::string& path, fields form) {
        form.emplace_back("csrf", scene.csrf);
        return scene.idp.send(scene.idp.as_post("/console" + path, form));
    };
    const fields mapping{{"id", "neu"}, {"member", "lebus"},   {"group", "GG_Getippt"},
                         {"why", ""},   {"role", "dms.lesen"}, {"action", "activate"}};
    const auto refused = {raw("/mappings/preview", mapping),
                          raw("/persons/find", {{"member", "lebus"}, {"user_name", "niemand"}}),
                          raw("/members", {{"slug", "neu-ort"}, {"name", ""}}),
                          raw("/past", {{"day", "gestern"}, {"role", "dms.lesen"}})};
    for (const auto& one : refused) {
        CAPTURE(one.location());
        CHECK(one.status() == 303);
        CHECK(one.location().find("carried=") != std::string::npos);
        for (const auto* typed : {"GG_Getippt", "niemand", "neu-ort", "gestern"})
            CHECK(one.location().find(typed) == std::string::npos);
        const auto page = scene.idp.follow(one);
        CHECK(page.status() >= 400);
        CHECK(page.shows("id=\"problem\""));
        CHECK(scene.idp.follow(one).body().size() > 1000);  // "back" and "reload" as well
    }
    CHECK(scene.idp.follow(*refused.begin()).shows("GG_Getippt"));
    CHECK(scene.idp.parts().registry.get()->revision() == revision);
}

TEST_CASE("a session that ended while a form was filled in: what was typed is there again") {
    at_console scene;
    const auto revision = scene.idp.parts().registry.get()->revision();
    const fields form{{"id", "neu"},         {"member", "lebus"},          {"group", "GG_Getippt"},
                      {"why", "mein Grund"}, {"role", "dms.lesen"},        {"action", "activate"},
                      {"csrf", scene.csrf},  {"bind_password", "geheim-1"}};
    const auto return_of = [&](const answer& asked) {
        auto got = asked;
        for (int hops = 0; hops < 6 && got.status() == 303; ++hops) {
            auto to = got.location();
            if (to.starts_with("https://idp.example")) to.erase(0, 19);
            const auto mark = to.find('?');
            got = scene.idp.get(to.substr(0, mark),
                                idp::http::form::parse(to.substr(mark + 1))->all());
        }
        return got;
    };
    scene.idp.cookies().erase("__Host-kommpass-console");
    const auto shown = return_of(scene.idp.post("/console/mappings/preview", form));
    CHECK(shown.shows("Sie waren abgemeldet"));
    CHECK(shown.shows("GG_Getippt"));
    CHECK(shown.shows("mein Grund"));
    CHECK_FALSE(shown.shows("geheim-1"));
    CHECK(scene.idp.parts().registry.get()->revision() == revision);

    // Attack: a form of another site, sent in the administrator's browser, is not shown as theirs.
    for (const auto* ended : {"__Host-kommpass-console", ""}) {
        scene.idp.cookies().erase(ended);
        auto foreign = scene.idp.as_post("/console/mappings/preview", form);
        foreign.headers[1].second = "cross-site";
        REQUIRE(foreign.headers[1].first == "sec-fetch-site");
        const auto page = return_of(scene.idp.send(std::move(foreign)));
        CHECK_FALSE(page.shows("GG_Getippt"));
        CHECK(scene.idp.parts().registry.get()->revision() == revision);
    }
}

TEST_CASE("attack: what one session carries shows nothing in another one") {
    at_console scene;
    const auto refused = scene.idp.send(
        scene.idp.as_post("/console/persons/find",
                          {{"member", "lebus"}, {"user_name", "niemand"}, {"csrf", scene.csrf}}));
    CHECK(scene.idp.follow(refused).shows("niemand"));
    at_console other;
    CHECK_FALSE(other.idp.follow(refused).shows("niemand"));
    CHECK(other.idp.follow(refused).status() == 200);
}

TEST_CASE("a name from the directory that is a script is text on the page") {
    at_console scene;
    auto& who = scene.idp.directories.of("lebus", "anna.noack").who;
    who.display_name = "<script>alert(1)</script>\"'";
    const auto page = visit(scene.idp, scene.find("anna.noack"));
    CHECK(page.status() == 200);
    CHECK_FALSE(page.shows("<script>alert"));
    CHECK(page.shows("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("a text that a spreadsheet takes for a formula is none in the CSV") {
    using idp::console::csv_field;
    CHECK(csv_field("=HYPERLINK(\"http://x\")") == "\"'=HYPERLINK(\"\"http://x\"\")\"");
    for (const auto* bad : {"+1", "-1", "@x", "\tx", "\rx"})
        CHECK(csv_field(bad).starts_with("\"'"));
    CHECK(csv_field("Anna, Noack") == "\"Anna, Noack\"");
    at_console scene;
    scene.idp.directories.of("lebus", "anna.noack").who.display_name = "=1+1";
    const auto job = scene.post("/roles", {{"member", "lebus"}}).location();
    const auto result = visit(scene.idp, job).location();
    const auto csv = scene.get("/roles.csv?" + result.substr(result.find("job=")));
    CHECK(csv.shows("\"'=1+1\""));
}

TEST_CASE("pages that go through everybody say that not everybody came, and so does the CSV") {
    at_console scene;
    auto& directories = scene.idp.directories;
    constexpr auto mark = "Das Verzeichnis hat nicht alle Personen geliefert";
    const auto result_of = [&](const std::string& path, const fields& form) {
        const auto job = scene.post(path, form).location();
        return visit(scene.idp, visit(scene.idp, job).location());
    };
    const auto csv_of = [&] {
        const auto job = scene.post("/roles", {{"member", "lebus"}}).location();
        const auto result = visit(scene.idp, job).location();
        return scene.get("/roles.csv?" + result.substr(result.find("job=")));
    };
    const fields past{{"member", "lebus"},
                      {"application", "dms"},
                      {"day", to_string(local_day_of(scene.idp.time.now()))},
                      {"purpose", "Az. 21/2026"}};
    const fields rule{{"id", "neu"}, {"member", "lebus"},   {"group", "GG_Neu"},
                      {"why", "x"},  {"role", "dms.lesen"}, {"action", "preview"}};
    for (const bool half : {false, true}) {
        CAPTURE(half);
        directories.stop_after("lebus", half ? 1 : 100);
        for (const auto& page : {result_of("/roles", {{"member", "lebus"}}),
                                 result_of("/past", past), result_of("/mappings/preview", rule)}) {
            CHECK(page.status() == 200);
            CHECK(page.shows(mark) == half);
            CHECK(page.shows("1, Size limit exceeded") == half);
        }
        const auto csv = csv_of();
        CHECK(csv.shows(mark) == half);
        CHECK((csv.header("Content-Disposition").find("incomplete") != std::string::npos) == half);
    }
    directories.stop_after("lebus", 100);
    directories.of("lebus", "anna.noack").who.groups_cut_off = true;
    CHECK(result_of("/roles", {{"member", "lebus"}}).shows("nicht alle Gruppen genannt"));
    CHECK(csv_of().shows("nicht alle Gruppen genannt"));
    CHECK(csv_of().shows("(anna.noack)"));
    directories.stop_after("lebus", 1);
    const auto refused = scene.post("/mappings/preview", {{"id", "neu"},
                                                          {"member", "lebus"},
                                                          {"group", "GG_Neu"},
                                                          {"why", "x"},
                                                          {"role", "dms.lesen"},
                                                          {"action", "activate"}});
    CHECK(refused.status() == 503);
    CHECK(refused.shows("mit einem Teil wird hier nicht gerechnet"));
    CHECK(refused.shows("GG_Neu"));
}

TEST_CASE("a person's page names who made a rule; their id is for machines") {
    at_console scene;
    scene.idp.directories.of("lebus", "admin").who.display_name = "Uwe Krüger";
    REQUIRE(scene
                .post("/mappings/preview", {{"id", "lebus-dms-post"},
                                            {"member", "lebus"},
                                            {"group", "GG_Groupware"},
                                            {"why", "Auftrag 7"},
                                            {"role", "dms.lesen"},
                                            {"action", "activate"}})
                .status() == 303);
    const auto* author = scene.idp.parts().registry.get()->author_of("mappings/lebus-dms-post");
    REQUIRE(author != nullptr);
    const auto id = author->who;
    const auto page = visit(scene.idp, scene.find("anna.noack") + "?application=dms");
    CHECK(page.shows("Uwe Krüger: Auftrag 7"));
    CHECK(page.shows("von Uwe Krüger"));
    CHECK_FALSE(page.shows("von " + id));
}

TEST_CASE("a person's page says that the directory kept groups back, and every name of a group") {
    at_console scene;
    auto& who = scene.idp.directories.of("lebus", "anna.noack").who;
    const auto person = scene.find("anna.noack");
    constexpr auto mark = "wegen einer Grenze nicht genannt";
    CHECK_FALSE(visit(scene.idp, person).shows(mark));
    who.groups_cut_off = true;
    who.groups.front().other_names = {"Postfachleute"};
    const auto page = visit(scene.idp, person);
    CHECK(page.shows(mark));
    CHECK(page.shows("GG_Groupware = Postfachleute"));
}

TEST_CASE("wrong fields are told by name in German, and the form keeps what was typed") {
    at_console scene;
    const auto person = scene.find("anna.noack").substr(std::string("/console").size());
    const auto said = [&](fields form, const char* words) {
        form.emplace_back("reason", "Vertretung im Sommer");
        const auto page = scene.post(person + "/grant", std::move(form));
        CHECK(page.status() >= 400);
        CHECK(page.shows(words));
        CHECK(page.shows("Vertretung im Sommer"));
    };
    said({{"role", "gibt.esnicht"}}, "Diese Rolle gibt es nicht");
    said({{"role", "fed.nutzer"}, {"until", "2020-01-01"}}, "liegt in der Vergangenheit");
    said({{"role", "fed.nutzer"}, {"from", "bald"}}, "Das ist kein Datum");
    CHECK(scene.post("/persons/find", {{"member", "lebus"}, {"user_name", "niemand"}})
              .shows("kennt das Verzeichnis nicht"));
}

TEST_CASE("with the directory down, pages still open and say what is missing") {
    at_console scene;
    const auto person = scene.find("anna.noack");
    scene.idp.directories.set_reachable("lebus", false);
    scene.idp.directories.silent = std::chrono::minutes(1);
    const auto page = visit(scene.idp, person);
    CHECK(page.status() == 200);
    CHECK(page.shows("Das Verzeichnis antwortet gerade nicht"));
    CHECK(scene.get("").status() == 200);
    CHECK(scene.get("/mappings").status() == 200);
}

TEST_CASE("the service desk sees and ends sessions, and is offered nothing else") {
    at_console scene("lebus", {"helpdesk"});
    const auto person = scene.find("anna.noack");
    const auto page = visit(scene.idp, person);
    CHECK(page.status() == 200);
    CHECK_FALSE(page.shows("/grant\""));
    CHECK(page.shows("Sitzungen"));
    CHECK(scene.get("/mappings").status() == 404);
    CHECK(scene.get("/audit").status() == 404);
    const auto path = person.substr(std::string("/console").size());
    CHECK(scene.post(path + "/end-sessions", {{"why", "verloren"}}).status() == 303);
    CHECK(scene.post(path + "/grant", {{"role", "fed.nutzer"}, {"reason", "x"}}).status() == 403);
}

TEST_CASE("an unknown page, and another member's, answer alike") {
    at_console scene;
    for (const auto* path : {"/gibtesnicht", "/members/cottbus", "/members/nirgends",
                             "/mappings/cottbus-alle", "/persons/P-unbekannt", "/revisions/999"})
        CHECK(scene.get(path).status() == 404);
    CHECK(scene.idp.audited("access.refused"));
}

TEST_CASE("what is approved on the page is what the page showed; else it shows what it is now") {
    at_console scene("lebus", {"rollenfreigabe"});
    const auto map = [&](const char* group) {
        scene.idp.change_registry([&](policies::registry& r) {
            policies::mapping rule;
            rule.id = "wartet";
            rule.member = member_slug("lebus");
            rule.group = group;
            rule.roles = {role_name("groupware.betrieb")};
            rule.state = policies::grant_state::requested;
            rule.asked_by = "P-somebody";
            r.mappings.insert_or_assign(rule.id, rule);
        });
    };
    map("GG_Postmeister");
    const auto shown = scene.get("/approvals");
    CHECK(shown.shows("GG_Postmeister"));
    const auto approve = [&](const std::string& digest) {
        return scene.post("/approvals/mapping",
                          {{"id", "wartet"}, {"digest", digest}, {"action", "approve"}});
    };
    map("GG_Alle");
    const auto again = approve(shown.hidden("digest"));
    CHECK(again.status() == 412);
    CHECK(again.shows("Das hat sich geändert, seit es Ihnen gezeigt wurde"));
    CHECK(again.shows("GG_Alle"));
    CHECK(approve("").status() == 422);
    const auto state = [&] {
        return scene.idp.parts().registry.get()->documents().mappings.at("wartet").state;
    };
    CHECK(state() == policies::grant_state::requested);
    CHECK(approve(again.hidden("digest")).status() == 303);
    CHECK(state() == policies::grant_state::active);
}

TEST_CASE("what is wrong with the own certificate greets the association, and no member") {
    for (const bool central : {true, false}) {
        at_console scene(central ? "dikom" : "lebus",
                         {central ? "zentraladmin" : "mandantenadmin"});
        auto own = std::make_shared<idp::http::own_certificate>();
        own->faults.push_back({"expired", "/etc/kommpass/own.pem: expired"});
        scene.idp.parts().state.found.own_certificate.replace(own);
        const auto page = scene.get("/");
        CHECK(page.status() == 200);
        CHECK(page.shows("/etc/kommpass/own.pem") == central);
        CHECK(page.shows("Das Zertifikat ist abgelaufen.") == central);
    }
}

TEST_CASE("a roll-back that would take a member along asks for its name, and keeps the reason") {
    at_console scene("dikom", {"zentraladmin"});
    scene.idp.change_registry([](policies::registry& r) {
        policies::member made;
        made.slug = member_slug("zwei");
        made.name.de = "Gemeinde Zwei";
        made.active = false;
        r.members.emplace(made.slug, made);
    });
    const auto now = std::to_string(scene.idp.parts().registry.get()->revision());
    const auto path = "/revisions/" + now + "/rollback";
    const auto asked = scene.post(path, {{"why", "ein Versehen"}, {"expected", now}});
    CHECK(asked.status() == 422);
    CHECK(asked.shows("name=\"remove_members\""));
    CHECK(asked.shows("value=\"ein Versehen\""));
    const auto done =
        scene.post(path, {{"why", "ein Versehen"}, {"expected", now}, {"remove_members", "zwei"}});
    CHECK(done.status() == 303);
}

TEST_CASE("an audit search for a day that is none is refused, and not a search of everything") {
    at_console scene("dikom", {"zentraladmin", "pruefung"});
    const auto page = scene.post("/audit", {{"purpose", "Nachfrage"}, {"from", "31.12.2026"}});
    CHECK(page.status() == 422);
    CHECK(page.shows("2000-01-01"));
}
