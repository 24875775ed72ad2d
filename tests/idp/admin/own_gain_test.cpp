// Nobody widens their own rights by a rule, and nobody is their own second person.
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct office {
    test_idp idp;
    std::string manager, approver, central;
    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "manager", {"mandantenadmin"});
        add_administrator(idp, "lebus", "approver", {"rollenfreigabe"});
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        manager = api_token(idp, "lebus", "manager");
        approver = api_token(idp, "lebus", "approver");
        central = api_token(idp, "dikom", "central");
    }
    answer ask(const std::string& token, method how, const std::string& path,
               const std::string& body = {}) {
        return api(idp, token, how, path, body);
    }
    // A mapping of lebus; `rule`: its members besides the roles.
    answer put(const std::string& token, const std::string& id, const std::string& rule,
               const std::string& roles = R"("dms.lesen")") {
        return ask(token, method::put, "/mappings/" + id,
                   R"({"why":"Probe","mapping":{"member":"lebus",)" + rule + R"(,"roles":[)" +
                       roles + "]}}");
    }
    bool waits(const std::string& id) {
        const auto registry = idp.parts().registry.get();
        return registry->documents().mappings.at(id).state == policies::grant_state::requested;
    }
    answer approve(const std::string& token, const std::string& id) {
        return ask(token, method::post, "/mappings/" + id + "/approval",
                   R"({"digest":")" + shown_digest(idp, token, "mappings/" + id) + "\"}");
    }
    bool holds(const std::string& token, const std::string& role) {
        const auto me = ask(token, method::get, "/me").text("id");
        const auto got = ask(central, method::get, "/persons/" + me);
        REQUIRE(got.status() == 200);
        return got.shows("{\"role\":\"" + role + "\",\"title\"");
    }
    std::string day_from_now(int days) {
        return to_string(local_day_of(idp.time.now()) + std::chrono::days(days));
    }
};

constexpr auto own_group = R"("group":"GG_mandantenadmin")";

}  // namespace

TEST_CASE("a mapping of a group that its author is in waits for somebody else") {
    office scene;
    const auto made = scene.put(scene.manager, "eigene", own_group);
    REQUIRE(made.status() == 200);
    CHECK(made.json().at("needs_approval").as_bool());
    CHECK(scene.waits("eigene"));
    CHECK_FALSE(scene.holds(scene.manager, "dms.lesen"));
    CHECK(scene.approve(scene.manager, "eigene").status() == 403);
    CHECK(scene.approve(scene.approver, "eigene").status() == 200);
    CHECK(scene.holds(scene.manager, "dms.lesen"));
    // A group that the author is not in, as before.
    const auto other = scene.put(scene.manager, "andere", R"("group":"GG_Archiv")");
    CHECK_FALSE(other.json().at("needs_approval").as_bool());
    CHECK_FALSE(scene.waits("andere"));
    // What they hold already is nothing to gain.
    REQUIRE(scene.put(scene.manager, "nochmal", own_group).status() == 200);
    CHECK_FALSE(scene.waits("nochmal"));
}

TEST_CASE("an own gain is found by whatever condition, member, scope or day it comes") {
    office scene;
    scene.idp.directories.of("lebus", "manager").who.attributes["department"] = {"Hauptamt"};
    const auto later = scene.day_from_now(40);
    for (const std::string& rule : std::vector<std::string>{
             R"("within":"dc=lebus,dc=example")",
             R"("attribute":"department","attribute_value":"Hauptamt")",
             std::string(own_group) + R"(,"from":")" + later + "\"",
             std::string(own_group) + R"(,"for_members":["lebus","cottbus"])",
         }) {
        CAPTURE(rule);
        REQUIRE(scene.put(scene.manager, "eigene", rule).status() == 200);
        CHECK(scene.waits("eigene"));
        REQUIRE(scene.ask(scene.manager, method::delete_, "/mappings/eigene?why=x").status() ==
                200);
    }
    // Not for their own member and not agreed to: nothing yet; the neighbour is the second person.
    REQUIRE(
        scene
            .put(scene.manager, "nebenan", std::string(own_group) + R"(,"for_members":["cottbus"])")
            .status() == 200);
    CHECK_FALSE(scene.waits("nebenan"));
    CHECK_FALSE(scene.holds(scene.manager, "dms.lesen"));
}

TEST_CASE("a mapping that is changed towards its author waits, and gives nothing meanwhile") {
    office scene;
    REQUIRE(scene.put(scene.manager, "archiv", R"("group":"GG_Archiv")").status() == 200);
    REQUIRE(scene.put(scene.manager, "archiv", own_group).status() == 200);
    CHECK(scene.waits("archiv"));
    CHECK_FALSE(scene.holds(scene.manager, "dms.lesen"));
    // One that ends soon, for longer.
    scene.idp.change_registry([&](policies::registry& r) {
        policies::mapping rule;
        rule.id = "bald-zu-ende";
        rule.member = member_slug("lebus");
        rule.group = "GG_mandantenadmin";
        rule.roles = {role_name("dms.lesen")};
        rule.until = local_day_of(scene.idp.time.now()) + std::chrono::days(3);
        r.mappings.emplace(rule.id, rule);
    });
    REQUIRE(scene
                .put(scene.manager, "bald-zu-ende",
                     std::string(own_group) + R"(,"until":")" + scene.day_from_now(300) + "\"")
                .status() == 200);
    CHECK(scene.waits("bald-zu-ende"));
    REQUIRE(scene
                .ask(scene.manager, method::delete_,
                     "/mappings/bald-zu-ende/approval?why=doch%20nicht&digest=" +
                         shown_digest(scene.idp, scene.manager, "mappings/bald-zu-ende"))
                .status() == 403);  // that it holds again would be a gain as well
}

TEST_CASE("who would gain by it does not approve it, however they come to") {
    office scene;
    add_administrator(scene.idp, "lebus", "insider", {"rollenfreigabe", "archiv"});
    const auto insider = api_token(scene.idp, "lebus", "insider");
    REQUIRE(scene.put(scene.manager, "betrieb", R"("group":"GG_archiv")", R"("groupware.betrieb")")
                .status() == 200);
    REQUIRE(scene.waits("betrieb"));
    const auto got = scene.approve(insider, "betrieb");
    CHECK(got.status() == 403);
    CHECK(got.text("code") == "own_gain");
    CHECK(got.shows("groupware.betrieb@lebus"));
    CHECK(scene.approve(scene.approver, "betrieb").status() == 200);
}

TEST_CASE("who asked is who asked: in another session, under another name, with another right") {
    office scene;
    add_administrator(scene.idp, "lebus", "both", {"rollenverwaltung", "rollenfreigabe"});
    const auto first = api_token(scene.idp, "lebus", "both");
    REQUIRE(
        scene.put(first, "betrieb", R"("group":"GG_Archiv")", R"("groupware.betrieb")").status() ==
        200);
    CHECK(scene.approve(first, "betrieb").text("code") == "own_request");
    const auto second = api_token(scene.idp, "lebus", "both");
    CHECK(scene.approve(second, "betrieb").text("code") == "own_request");
    // Married and moved: another name, another place, the same entry.
    auto who = scene.idp.directories.of("lebus", "both").who;
    scene.idp.directories.remove("lebus", "both");
    who.login_name = "renamed";
    who.display_name = "Neu Genannt";
    who.dn = "uid=renamed,ou=elsewhere,dc=lebus,dc=example";
    scene.idp.directories.add("lebus", "renamed", "Verwaltung-1").who = who;
    const auto renamed = api_token(scene.idp, "lebus", "renamed");
    CHECK(scene.ask(renamed, method::get, "/me").text("id") ==
          scene.ask(renamed, method::get, "/me").text("id"));
    CHECK(scene.approve(renamed, "betrieb").text("code") == "own_request");
    // What a colleague has changed since is the colleague's request.
    REQUIRE(scene.put(scene.manager, "betrieb", R"("group":"GG_Alle")", R"("groupware.betrieb")")
                .status() == 200);
    CHECK(scene.approve(renamed, "betrieb").status() == 200);
}

TEST_CASE("a role that somebody holds is not filled by them; another person may") {
    office scene;
    scene.idp.change_registry([](policies::registry& r) {
        policies::mapping rule;
        rule.id = "zentrale-post";
        rule.group = "GG_zentraladmin";
        rule.roles = {role_name("groupware.postfach")};
        r.mappings.emplace(rule.id, rule);
    });
    add_administrator(scene.idp, "dikom", "second", {"pruefung"});
    const auto fill = [&](const std::string& token, const char* inner) {
        return scene.ask(token, method::put, "/applications/groupware/roles/groupware.postfach",
                         std::string(R"({"why":"x","role":{"title":"Postfach","includes":[")") +
                             inner + R"("]}})");
    };
    for (const auto* inner : {"dms.bearbeiten", "groupware.betrieb"}) {
        CAPTURE(inner);
        const auto got = fill(scene.central, inner);
        CHECK(got.status() == 403);
        CHECK(got.text("code") == "own_gain");
        CHECK(got.shows(inner));
    }
    CHECK_FALSE(scene.holds(scene.central, "dms.bearbeiten"));
    // Rights in Kommpass itself are in no other role, whoever puts them there.
    CHECK(fill(scene.central, "fed.pruefung").text("code") == "registry_invalid");
    // One that begins next month is filled no sooner.
    scene.idp.change_registry([&](policies::registry& r) {
        r.mappings.at("zentrale-post").from =
            local_day_of(scene.idp.time.now()) + std::chrono::days(30);
    });
    CHECK(fill(scene.central, "dms.bearbeiten").text("code") == "own_gain");
    scene.idp.change_registry([](policies::registry& r) { r.mappings.erase("zentrale-post"); });
    CHECK(fill(scene.central, "dms.bearbeiten").status() == 200);
}

TEST_CASE("no constraint goes and no earlier state comes back to the gain of who does it") {
    office scene;
    scene.idp.change_registry([](policies::registry& r) {
        policies::mapping rule;
        rule.id = "zentrale-akten";
        rule.group = "GG_zentraladmin";
        rule.roles = {role_name("dms.lesen"), role_name("meso.auskunft")};
        r.mappings.emplace(rule.id, rule);
    });
    CHECK_FALSE(scene.holds(scene.central, "meso.auskunft"));
    CHECK(scene.ask(scene.central, method::delete_, "/constraints/akten?why=x").text("code") ==
          "own_gain");
    CHECK(scene
              .ask(scene.central, method::put, "/constraints/akten",
                   R"({"why":"x","constraint":{"first":"dms.lesen","second":"meso.auskunft",)"
                   R"("id":"akten","resolution":"report"}})")
              .text("code") == "own_gain");
}

TEST_CASE("an earlier state comes back by somebody who gains nothing from it") {
    office scene;
    add_administrator(scene.idp, "dikom", "insider", {"zentraladmin", "archiv"});
    const auto insider = api_token(scene.idp, "dikom", "insider");
    scene.idp.change_registry([](policies::registry& r) {
        policies::mapping rule;
        rule.id = "archiv";
        rule.group = "GG_archiv";
        rule.roles = {role_name("dms.bearbeiten")};
        r.mappings.emplace(rule.id, rule);
    });
    const auto then = scene.idp.parts().registry.get()->revision();
    scene.idp.change_registry([](policies::registry& r) { r.mappings.erase("archiv"); });
    const auto path = "/revisions/" + std::to_string(then) + "/rollback";
    const auto shown = "\"" + std::to_string(then + 1) + "\"";
    const auto back = [&](const std::string& by) {
        return api(scene.idp, by, method::post, path, R"({"why":"x"})", {{"if-match", shown}});
    };
    const auto got = back(insider);
    CHECK(got.status() == 403);
    CHECK(got.text("code") == "own_gain");
    CHECK_FALSE(scene.holds(insider, "dms.bearbeiten"));
    CHECK(back(scene.central).status() == 200);
    CHECK(scene.holds(insider, "dms.bearbeiten"));
}

TEST_CASE("of whom not every group is known, every mapping waits") {
    office scene;
    scene.idp.directories.of("lebus", "manager").who.groups_cut_off = true;
    const auto cut_off = api_token(scene.idp, "lebus", "manager");
    REQUIRE(scene.put(cut_off, "andere", R"("group":"GG_Archiv")").status() == 200);
    CHECK(scene.waits("andere"));
}
