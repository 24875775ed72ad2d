#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/oauth/grants.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct town_hall {
    test_idp idp;
    std::string manager, approver;
    town_hall() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "manager", {"rollenverwaltung"});
        add_administrator(idp, "lebus", "approver", {"rollenfreigabe"});
        auto& bernd = idp.directories.add("lebus", "bernd.koch", "Oderbruch-9").who;
        bernd.display_name = "Bernd Koch";
        bernd.groups = {{"cn=GG_Groupware,ou=groups,dc=lebus,dc=example", "GG_Groupware", {}}};
        idp.directories.add("cottbus", "vera.lindner", "x");
        manager = api_token(idp, "lebus", "manager");
        approver = api_token(idp, "lebus", "approver");
        as_anna();
    }
    void as(const char* user, const char* password) {
        idp.forget_cookies();
        REQUIRE(idp.sign_in("groupware-web", user, password).status() == 303);
    }
    void as_anna() { as("anna.noack", "Spreewald-7"); }
    answer page() { return idp.get("/account/role"); }
    answer ask(fields form) {
        form.emplace_back("csrf", page().hidden("csrf"));
        return idp.post("/account/role", form);
    }
    answer ask_deputy(const std::string& deputy, const fields& more = {}) {
        fields form{{"action", "deputy"},
                    {"role", "dms.bearbeiten"},
                    {"deputy", deputy},
                    {"until", in_days(14)},
                    {"reason", "Urlaub"}};
        for (const auto& field : more) {
            std::erase_if(form, [&](const auto& one) { return one.first == field.first; });
            form.push_back(field);
        }
        return ask(form);
    }
    std::string in_days(int days) {
        return to_string(local_day_of(idp.time.now()) + std::chrono::days(days));
    }
    const std::map<std::string, policies::grant>& grants() {
        return idp.parts().registry.get()->documents().grants;
    }
    answer approve(const std::string& token, const std::string& id) {
        return api(
            idp, token, method::post, "/grants/" + id + "/approval",
            R"({"why":"geprüft","digest":")" + shown_digest(idp, token, "grants/" + id) + "\"}");
    }
    bool holds(const std::string& person, const std::string& role) {
        return api(idp, manager, method::get, "/persons/" + person)
            .shows("{\"role\":\"" + role + "\",\"title\"");
    }
};

}  // namespace

TEST_CASE(
    "a deputy for the holidays is asked for, released by a second person, and ends by itself") {
    town_hall scene;
    CHECK(scene.idp.get("/account").shows("/account/role"));
    const auto asked = scene.ask_deputy("bernd.koch");
    REQUIRE(asked.location() == "/account/role?done");
    REQUIRE(scene.grants().size() == 1);
    const auto made = scene.grants().begin()->second;
    CHECK(made.state == policies::grant_state::requested);
    CHECK(made.deputy_of.str() == made.asked_by);
    CHECK(made.person.str() != made.asked_by);
    CHECK_FALSE(scene.holds(made.person.str(), "dms.bearbeiten"));
    CHECK(scene.page().shows("für Bernd Koch in Vertretung von Anna Noack"));
    CHECK(scene.page().shows("Wartet auf Freigabe"));
    CHECK(scene.idp.audited("grant.requested"));

    CHECK(scene.approve(scene.approver, made.id).status() == 200);
    CHECK(scene.holds(made.person.str(), "dms.bearbeiten"));
    CHECK(scene.page().shows("Meine Vertretungen"));
    scene.as("bernd.koch", "Oderbruch-9");
    CHECK(scene.idp.get("/account").shows("in Vertretung von Anna Noack"));

    scene.idp.time.turn(std::chrono::days(15));
    scene.manager = api_token(scene.idp, "lebus", "manager");
    CHECK_FALSE(scene.holds(made.person.str(), "dms.bearbeiten"));
}

TEST_CASE("who gives roles releases an ordinary one; a sensitive one needs whoever releases") {
    town_hall scene;
    const auto ask = [&](const char* role) {
        CHECK(
            scene.ask({{"action", "own"}, {"role", role}, {"reason", "neue Aufgabe"}}).location() ==
            "/account/role?done");
        for (const auto& [id, one] : scene.grants()) {
            if (one.role.view() == role) return id;
        }
        return std::string();
    };
    scene.as("bernd.koch", "Oderbruch-9");
    CHECK(scene.approve(scene.manager, ask("dms.lesen")).status() == 200);
    const auto sensitive = ask("groupware.betrieb");
    CHECK(scene.approve(scene.manager, sensitive).status() != 200);
    CHECK(scene.approve(scene.approver, sensitive).status() == 200);
    CHECK(scene.holds(scene.grants().at(sensitive).person.str(), "groupware.betrieb"));
}

TEST_CASE("nobody releases what they asked for themself, nor what is for themself") {
    town_hall scene;
    const auto sign_in_as = [&](const char* user) {
        scene.idp.forget_cookies();
        const auto page = scene.idp.get("/account");
        (void)scene.idp.fill_in(page, user, "Verwaltung-1");
    };
    sign_in_as("approver");
    REQUIRE(scene.ask({{"action", "own"}, {"role", "groupware.betrieb"}, {"reason", "für mich"}})
                .location() == "/account/role?done");
    const auto own = scene.grants().begin()->first;
    CHECK(scene.approve(scene.approver, own).status() == 403);
    // Somebody else names the approver as their deputy.
    scene.as_anna();
    REQUIRE(scene.ask_deputy("approver").location() == "/account/role?done");
    for (const auto& [id, one] : scene.grants()) {
        if (id != own) CHECK(scene.approve(scene.approver, id).status() == 403);
    }
}

TEST_CASE("what was refused is told with its reason, and can be taken back before") {
    town_hall scene;
    REQUIRE(scene.ask_deputy("bernd.koch").status() == 303);
    const auto refused = scene.grants().begin()->first;
    CHECK(api(scene.idp, scene.approver, method::delete_,
              "/grants/" + refused + "?why=Frau%20Lehmann%20vertritt&digest=" +
                  shown_digest(scene.idp, scene.approver, "grants/" + refused))
              .status() == 200);
    CHECK(scene.page().shows("Frau Lehmann vertritt"));
    scene.as("bernd.koch", "Oderbruch-9");
    CHECK(scene.page().shows("Frau Lehmann vertritt"));

    scene.as_anna();
    REQUIRE(scene.ask_deputy("bernd.koch").status() == 303);
    const auto waiting = scene.grants().begin()->first;
    const auto csrf = scene.page().hidden("csrf");
    scene.as("bernd.koch", "Oderbruch-9");
    // Not even the deputy takes back what another asked for.
    CHECK(scene.ask({{"action", "take-back"}, {"id", waiting}}).status() == 400);
    CHECK(scene.idp.audited("access.refused"));
    CHECK(scene.grants().size() == 1);
    scene.as_anna();
    CHECK(scene.ask({{"action", "take-back"}, {"id", waiting}}).location() == "/account/role");
    CHECK(scene.grants().empty());
    scene.idp.time.turn(std::chrono::days(31));
    scene.as_anna();
    CHECK_FALSE(scene.page().shows("Frau Lehmann vertritt"));
}

TEST_CASE("an employee asks for nothing else, and a mistake names its field") {
    town_hall scene;
    CHECK(scene.idp.post("/account/role", {{"action", "own"}, {"csrf", "x"}}).shows("zu alt"));
    auto foreign = scene.idp.as_post("/account/role", {{"action", "own"}, {"csrf", "x"}});
    std::erase_if(foreign.headers, [](const auto& one) { return one.first == "sec-fetch-site"; });
    CHECK(scene.idp.send(std::move(foreign)).status() == 403);
    const auto says = [&](const answer& got, const char* words) {
        CAPTURE(words);
        CHECK(got.status() == 400);
        CHECK(got.shows(words));
    };
    // A role of one's own goes to a deputy, another's does not; rights in Kommpass to nobody.
    says(scene.ask_deputy("bernd.koch", {{"role", "groupware.betrieb"}}),
         "Diese Rolle gibt es nicht");
    says(scene.ask_deputy("bernd.koch", {{"role", "fed.nutzer"}}), "Diese Rolle gibt es nicht");
    says(scene.ask({{"action", "own"}, {"role", "fed.mandantenadmin"}, {"reason", "x"}}),
         "Diese Rolle gibt es nicht");
    says(scene.ask({{"action", "own"}, {"role", "dms.lesen"}, {"reason", "x"}}),
         "Diese Rolle gibt es nicht");  // held already
    says(scene.ask_deputy("niemand"), "kennt das Verzeichnis nicht");
    says(scene.ask_deputy("vera.lindner"), "kennt das Verzeichnis nicht");  // of another member
    says(scene.ask_deputy("anna.noack"), "nicht Ihre Vertretung sein");
    says(scene.ask_deputy(""), "geben Sie einen Namen ein");
    says(scene.ask_deputy("bernd.koch", {{"until", ""}}), "bis wann");
    says(scene.ask_deputy("bernd.koch", {{"until", "2020-01-01"}}), "Vergangenheit");
    says(scene.ask_deputy("bernd.koch", {{"until", "31.12."}}), "kein Datum");
    says(scene.ask_deputy("bernd.koch", {{"reason", ""}}), "nennen Sie den Grund");
    says(scene.ask_deputy("bernd.koch", {{"reason", std::string(501, 'x')}}), "zu lang");
    const auto again = scene.ask_deputy("bernd.koch", {{"reason", "<script>"}, {"until", "x"}});
    CHECK(again.shows("value=\"&lt;script&gt;\""));
    CHECK(again.shows("value=\"bernd.koch\""));
    CHECK(scene.ask({{"action", "approve"}, {"id", "x"}}).status() == 400);
    CHECK(scene.grants().empty());
}

TEST_CASE("an association's role is not offered, and requests do not pile up") {
    town_hall scene;
    scene.idp.change_registry([](policies::registry& r) {
        auto& dms = r.applications.at(application_key("dms"));
        for (int i = 0; i < 8; ++i) {
            policies::role one;
            one.name = role_name("dms.neu" + std::to_string(i));
            one.title.de = "Neu " + std::to_string(i);
            if (i == 7) one.handed_out_by = policies::role_giver::association;
            dms.roles.push_back(one);
        }
    });
    const auto page = scene.page();
    CHECK(page.shows("dms.neu6"));
    CHECK_FALSE(page.shows("dms.neu7"));
    const auto ask = [&](int i) {
        return scene
            .ask({{"action", "own"}, {"role", "dms.neu" + std::to_string(i)}, {"reason", "x"}})
            .status();
    };
    CHECK(ask(7) == 400);
    for (int i = 0; i < 5; ++i) CHECK(ask(i) == 303);
    CHECK(scene.ask({{"action", "own"}, {"role", "dms.neu5"}, {"reason", "x"}})
              .shows("zu viele Anträge"));
    // Nor does taking back and asking again keep the service busy all day.
    int done = 0;
    while (done < 40) {
        const auto id = scene.grants().begin()->first;
        if (scene.ask({{"action", "take-back"}, {"id", id}}).status() != 303) break;
        const auto number = scene.grants().size();
        for (int i = 0; i < 5 && scene.grants().size() == number; ++i) (void)ask(i);
        ++done;
    }
    CHECK(done < 20);
}

TEST_CASE("whoever is let in nowhere for lack of a role asks for one from there") {
    town_hall scene;
    scene.idp.directories.of("lebus", "bernd.koch").who.groups.clear();
    scene.idp.forget_cookies();
    const auto page = scene.idp.sign_in("dms-web", "bernd.koch", "Oderbruch-9");
    CHECK(page.status() == 403);
    CHECK(page.shows("/account/role?application=dms"));
    const auto form = scene.idp.get("/account/role", {{"application", "dms"}});
    CHECK(form.shows("<option value=\"dms.lesen\" selected>"));
    CHECK_FALSE(scene.idp.get("/account/role", {{"application", "fed"}}).shows(" selected>"));
}

TEST_CASE("a withdrawn role comes back when a request for it is approved, and not before") {
    town_hall scene;
    const auto anna = api(scene.idp, scene.manager, method::post, "/persons",
                          R"({"member":"lebus","user_name":"anna.noack"})")
                          .text("id");
    REQUIRE(api(scene.idp, scene.manager, method::post, "/persons/" + anna + "/role-end",
                R"({"member":"lebus","role":"dms.lesen","why":"Umsetzung"})")
                .status() == 200);
    REQUIRE_FALSE(scene.holds(anna, "dms.lesen"));
    REQUIRE(scene.ask({{"action", "own"}, {"role", "dms.lesen"}, {"reason", "wieder zuständig"}})
                .status() == 303);
    CHECK_FALSE(scene.holds(anna, "dms.lesen"));
    CHECK(scene.approve(scene.manager, scene.grants().begin()->first).status() == 200);
    CHECK(scene.holds(anna, "dms.lesen"));
}
