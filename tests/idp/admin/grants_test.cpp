#include "idp/admin/grants.hpp"
#include "idp/admin/registry_change.hpp"
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
    std::string manager, approver, neighbour, anna;
    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "manager", {"rollenverwaltung"});
        add_administrator(idp, "lebus", "approver", {"rollenfreigabe"});
        add_administrator(idp, "cottbus", "neighbour", {"mandantenadmin"});
        manager = api_token(idp, "lebus", "manager");
        approver = api_token(idp, "lebus", "approver");
        neighbour = api_token(idp, "cottbus", "neighbour");
        anna =
            post(manager, "/persons", R"({"member":"lebus","user_name":"anna.noack"})").text("id");
        REQUIRE_FALSE(anna.empty());
    }
    answer post(const std::string& token, const std::string& path, const std::string& body) {
        return api(idp, token, method::post, path, body);
    }
    answer grant(const std::string& role, const std::string& more = {}) {
        return post(manager, "/grants",
                    R"({"member":"lebus","person":")" + anna + R"(","role":")" + role +
                        R"(","reason":"Vertretung")" + more + "}");
    }
    // Says yes to what the API shows at this moment.
    answer approve(const std::string& token, const std::string& document,
                   const std::string& why = "geprüft") {
        const auto digest = shown_digest(idp, token, document);
        // Whoever is not shown it guesses.
        const auto given = digest.empty() ? std::string(43, 'A') : digest;
        return post(token, "/" + document + "/approval",
                    R"({"digest":")" + given + R"(","why":")" + why + "\"}");
    }
    answer agree(const std::string& token, const std::string& document, bool agreed,
                 const std::string& why = {}) {
        const auto digest = shown_digest(idp, token, document);
        return post(token, "/agreements",
                    R"({"document":")" + document + R"(","target":"cottbus","agreed":)" +
                        (agreed ? "true" : "false") + R"(,"digest":")" + digest + R"(","why":")" +
                        why + "\"}");
    }
    bool holds(const std::string& role) {
        return api(idp, manager, method::get, "/persons/" + anna)
            .shows("{\"role\":\"" + role + "\",\"title\"");
    }
};

}  // namespace

TEST_CASE("a grant holds at once and ends by itself after its last day") {
    office scene;
    const auto last = to_string(local_day_of(scene.idp.time.now()) + std::chrono::days(7));
    const auto made = scene.grant("fed.nutzer", ",\"until\":\"" + last + "\"");
    REQUIRE(made.status() == 201);
    CHECK_FALSE(made.json().at("needs_approval").as_bool());
    CHECK(scene.holds("fed.nutzer"));
    CHECK(scene.grant("fed.nutzer").text("code") == "granted_already");
    scene.idp.time.turn(std::chrono::days(8));
    scene.manager = api_token(scene.idp, "lebus", "manager");
    CHECK_FALSE(scene.holds("fed.nutzer"));
}

TEST_CASE("who is asked for must approve: a sensitive role waits for a second person") {
    office scene;
    const auto asked = scene.grant("groupware.betrieb");
    REQUIRE(asked.status() == 201);
    const auto id = asked.text("id");
    CHECK(asked.json().at("needs_approval").as_bool());
    CHECK_FALSE(scene.holds("groupware.betrieb"));
    // Nobody approves their own request, by whatever route.
    CHECK(scene.approve(scene.manager, "grants/" + id).status() == 403);
    CHECK(scene.approve(scene.neighbour, "grants/" + id).status() == 404);
    CHECK(scene.approve(scene.approver, "grants/" + id).status() == 200);
    CHECK(scene.holds("groupware.betrieb"));
    CHECK(scene.approve(scene.approver, "grants/" + id).text("code") == "approved_already");
    CHECK(scene.idp.audited("grant.requested"));
    CHECK(scene.idp.audited("grant.approved"));
    const auto ended =
        api(scene.idp, scene.manager, method::delete_, "/grants/" + id + "?why=fertig");
    CHECK(ended.status() == 200);
    CHECK_FALSE(scene.holds("groupware.betrieb"));
    CHECK(scene.idp.audited("grant.ended"));
}

TEST_CASE("wrong grants are refused by field, and nothing is half applied") {
    office scene;
    const auto before = scene.idp.parts().registry.get()->revision();
    const auto code = [&](const std::string& role, const std::string& more) {
        const auto got = scene.grant(role, more);
        CHECK((got.status() == 400 || got.status() == 422));
        return got.text("field") + ":" + got.text("code");
    };
    CHECK(code("groupware.gibtesnicht", "") == "role:unknown_role");
    CHECK(code("groupware.betrieb", R"(,"until":"2020-01-01")") == "until:date_in_the_past");
    CHECK(code("groupware.betrieb", R"(,"from":"2099-02-01","until":"2099-01-01")") ==
          "until:until_before_from");
    CHECK(code("groupware.betrieb", R"(,"until":"31.12.2099")") == "until:must_be_day");
    CHECK(code("groupware.betrieb", R"(,"was":"immer")") == "was:unknown_field");
    const auto nobody = scene.post(
        scene.manager, "/grants",
        R"({"member":"lebus","person":"P-unbekannt","role":"groupware.betrieb","reason":"x"})");
    CHECK(nobody.text("code") == "unknown_person");
    CHECK(scene.idp.parts().registry.get()->revision() == before);
}

TEST_CASE("roles that exclude each other are refused by hand and by mapping; an exception helps") {
    office scene;
    // Anna holds dms.lesen through a group.
    const auto refused = scene.grant("meso.auskunft");
    CHECK(refused.status() == 409);
    CHECK(refused.text("code") == "incompatible_roles");
    CHECK(refused.shows("Anna Noack"));
    const auto mapping = api(
        scene.idp, scene.manager, method::put, "/mappings/lebus-auskunft",
        R"({"why":"x","mapping":{"id":"lebus-auskunft","member":"lebus","group":"GG_Registratur","roles":["meso.auskunft"]}})");
    CHECK(mapping.status() == 409);
    const auto asked =
        scene.post(scene.manager, "/exceptions",
                   R"({"member":"lebus","person":")" + scene.anna +
                       R"(","constraint":"akten","reason":"nur eine Kraft","until":"2099-12-31"})");
    REQUIRE(asked.status() == 201);
    const auto document = "exceptions/" + asked.text("id");
    CHECK(scene.approve(scene.manager, document).status() == 403);
    CHECK(scene.approve(scene.approver, document).status() == 200);
    CHECK(scene.grant("meso.auskunft").status() == 201);
    CHECK(scene.holds("meso.auskunft"));
    CHECK(scene.holds("dms.lesen"));
}

TEST_CASE("an outage of the directory refuses what cannot be checked, and says which") {
    office scene;
    scene.idp.directories.set_reachable("lebus", false);
    const auto got = scene.grant("meso.auskunft");
    CHECK(got.status() == 503);
    CHECK(got.text("code") == "directory_unavailable");
}

TEST_CASE("a role for another member waits for its agreement; either side withdraws") {
    office scene;
    const auto made = scene.grant("groupware.postfach", R"(,"for_members":["cottbus"])");
    REQUIRE(made.status() == 201);
    const auto document = "grants/" + made.text("id");
    const auto agree = [&](const std::string& token, bool agreed) {
        return scene.agree(token, document, agreed);
    };
    const auto scope = [&] {
        return boost::json::serialize(
            api(scene.idp, scene.manager, method::get, "/persons/" + scene.anna)
                .json()
                .at("evaluation")
                .at("roles"));
    };
    CHECK(scope().find("cottbus") == std::string::npos);
    CHECK(agree(scene.manager, true).status() == 403);  // nobody agrees for the neighbour
    CHECK(agree(scene.neighbour, true).status() == 200);
    CHECK(scope().find("cottbus") != std::string::npos);
    CHECK(agree(scene.manager, false).status() == 200);  // the owner withdraws
    CHECK(scope().find("cottbus") == std::string::npos);
    CHECK(agree(scene.neighbour, true).status() == 200);
    CHECK(agree(scene.neighbour, false).status() == 200);  // the target withdraws
    CHECK(scope().find("cottbus") == std::string::npos);
}

TEST_CASE("whoever holds a role reads who gave it, approved it and agreed; and why it rests") {
    office scene;
    const auto end = to_string(local_day_of(scene.idp.time.now()) + std::chrono::days(30));
    const auto made =
        scene.grant("groupware.betrieb", R"(,"for_members":["cottbus"],"until":")" + end + "\"");
    REQUIRE(made.status() == 201);
    const auto id = made.text("id");
    REQUIRE(scene.approve(scene.approver, "grants/" + id).status() == 200);
    const auto agree = [&](bool agreed, const std::string& why) {
        return scene.agree(scene.neighbour, "grants/" + id, agreed, why);
    };
    const auto account = [&] {
        scene.idp.forget_cookies();
        (void)scene.idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
        return scene.idp.get("/account");
    };
    REQUIRE(agree(true, "Standesamt gemeinsam").status() == 200);
    const auto holding = account();
    CHECK(holding.shows("gilt für Stadt Cottbus"));
    CHECK(holding.shows("vergeben von manager"));
    CHECK(holding.shows("freigegeben von approver"));
    CHECK(holding.shows("zugestimmt von Stadt Cottbus"));
    REQUIRE(agree(false, "Vertretung beendet").status() == 200);
    const auto resting = account();
    CHECK(resting.shows("Was gerade nicht gilt"));
    CHECK(resting.shows("dort hat niemand zugestimmt"));
    CHECK(resting.shows("Vertretung beendet"));
}

TEST_CASE("a mapping that was agreed to and is changed must be agreed to again") {
    office scene;
    const auto put = [&](const std::string& roles) {
        return api(
            scene.idp, scene.manager, method::put, "/mappings/gemeinsam",
            R"({"why":"x","mapping":{"id":"gemeinsam","member":"lebus","group":"GG_X","roles":[)" +
                roles + R"(],"for_members":["cottbus"],"agreed":["cottbus"]}})");
    };
    CHECK(put(R"("groupware.postfach")").status() == 200);
    const auto agreed = [&] {
        return !scene.idp.parts()
                    .registry.get()
                    ->documents()
                    .mappings.at("gemeinsam")
                    .agreed.empty();
    };
    CHECK_FALSE(agreed());
    CHECK(scene.agree(scene.neighbour, "mappings/gemeinsam", true).status() == 200);
    CHECK(agreed());
    CHECK(put(R"("groupware.postfach","groupware.betrieb")").status() == 200);
    CHECK_FALSE(agreed());
}

TEST_CASE("a role that only the association hands out is not the member's to give") {
    office scene;
    const auto got = scene.grant("fed.zentraladmin");
    CHECK(got.status() == 403);
    CHECK(got.text("code") == "association_role");
    const auto mapping = api(
        scene.idp, scene.manager, method::put, "/mappings/boese",
        R"({"why":"x","mapping":{"id":"boese","member":"lebus","group":"GG_X","roles":["fed.zentraladmin"]}})");
    CHECK(mapping.status() == 403);
}

TEST_CASE("ending a role ends it whatever gives it") {
    office scene;
    CHECK(scene.holds("dms.lesen"));
    CHECK(scene
              .post(scene.manager, "/persons/" + scene.anna + "/role-end",
                    R"({"member":"lebus","role":"dms.lesen","why":"Umsetzung"})")
              .status() == 200);
    CHECK_FALSE(scene.holds("dms.lesen"));
    CHECK(scene.holds("dms.bearbeiten"));
}

TEST_CASE("a mapping with a sensitive role is a request until a second person approves it") {
    office scene;
    const auto put = [&](const std::string& token) {
        return api(
            scene.idp, token, method::put, "/mappings/betrieb",
            R"({"why":"Betrieb","mapping":{"id":"betrieb","member":"lebus","group":"GG_Registratur","roles":["groupware.betrieb"],"state":"active","approved_by":"jemand"}})");
    };
    CHECK(put(scene.manager).status() == 200);
    CHECK_FALSE(scene.holds("groupware.betrieb"));
    CHECK(scene.approve(scene.manager, "mappings/betrieb").status() == 403);
    CHECK(scene.approve(scene.neighbour, "mappings/betrieb").status() == 404);
    CHECK(scene.approve(scene.approver, "mappings/betrieb").status() == 200);
    CHECK(scene.holds("groupware.betrieb"));
    const auto& made = scene.idp.parts().registry.get()->documents().mappings.at("betrieb");
    CHECK_FALSE(made.approved_by.empty());
    CHECK(made.approved_by != made.asked_by);
    CHECK(made.approved_by != "jemand");
}

TEST_CASE("a refused change of a mapping leaves what was in force before; a refused new one goes") {
    office scene;
    const auto put = [&](const std::string& id, const std::string& group) {
        return api(scene.idp, scene.manager, method::put, "/mappings/" + id,
                   R"({"why":"Betrieb","mapping":{"id":")" + id +
                       R"(","member":"lebus","group":")" + group +
                       R"(","roles":["groupware.betrieb"]}})");
    };
    const auto refuse = [&](const std::string& token, const std::string& id) {
        const auto digest = shown_digest(scene.idp, token, "mappings/" + id);
        return api(scene.idp, token, method::delete_,
                   "/mappings/" + id +
                       "/approval?why=nein&digest=" + (digest.empty() ? "unbekannt" : digest));
    };
    const auto mappings = [&] { return scene.idp.parts().registry.get()->documents().mappings; };
    REQUIRE(put("betrieb", "GG_Registratur").status() == 200);
    REQUIRE(scene.approve(scene.approver, "mappings/betrieb").status() == 200);
    const auto approved = mappings().at("betrieb");
    REQUIRE(put("betrieb", "GG_Alle").status() == 200);
    REQUIRE(put("betrieb", "GG_Hauptamt").status() == 200);
    CHECK(mappings().at("betrieb").state == policies::grant_state::requested);
    CHECK(refuse(scene.neighbour, "betrieb").status() == 404);
    REQUIRE(refuse(scene.approver, "betrieb").status() == 200);
    CHECK(mappings().at("betrieb") == approved);
    CHECK(scene.holds("groupware.betrieb"));
    // Nothing that waits: nothing to refuse.
    CHECK(refuse(scene.approver, "betrieb").status() == 404);
    REQUIRE(put("neu", "GG_Alle").status() == 200);
    REQUIRE(refuse(scene.approver, "neu").status() == 200);
    CHECK_FALSE(mappings().contains("neu"));
}

TEST_CASE("a role that includes a sensitive one, or the association's, is given as carefully") {
    office scene;
    scene.idp.change_registry([](policies::registry& r) {
        for (auto& one : r.applications.at(application_key("groupware")).roles) {
            if (one.name.view() == "groupware.postfach")
                one.includes = {role_name("groupware.betrieb")};
        }
        for (auto& one : r.applications.at(application_key("dms")).roles) {
            if (one.name.view() == "dms.lesen") one.includes = {role_name("dms.bearbeiten")};
            if (one.name.view() == "dms.bearbeiten")
                one.handed_out_by = policies::role_giver::association;
        }
    });
    const auto asked = scene.grant("groupware.postfach");
    REQUIRE(asked.status() == 201);
    CHECK(asked.json().at("needs_approval").as_bool());
    CHECK(scene.grant("dms.lesen").text("code") == "association_role");
    const auto mapping = api(
        scene.idp, scene.manager, method::put, "/mappings/post",
        R"({"why":"x","mapping":{"id":"post","member":"lebus","group":"GG_X","roles":["groupware.postfach"]}})");
    CHECK(mapping.status() == 200);
    CHECK(scene.idp.parts().registry.get()->documents().mappings.at("post").state ==
          policies::grant_state::requested);
}

TEST_CASE("rights in Kommpass are carried to no other member, and told how they are given") {
    office scene;
    const auto put = [&](const std::string& conditions) {
        return api(scene.idp, scene.manager, method::put, "/mappings/rechte",
                   R"({"why":"x","mapping":{"id":"rechte","member":"lebus",)" + conditions +
                       R"(,"roles":["fed.mandantenadmin"]}})");
    };
    const auto own = std::string(R"("group":"cn=GG_X,ou=groups,dc=lebus,dc=example")");
    const auto refused = [](const answer& got, const char* words) {
        CHECK(got.status() == 422);
        CHECK(got.text("code") == "registry_invalid");
        CHECK(got.shows(words));
    };
    const auto carried = ",\"for_members\":[\"dikom\",\"lebus\"]";
    refused(put(own + carried), "hold for the person's own member only");
    refused(put(R"("group":"GG_X")"), "inside the member's group_base");
    refused(put(R"("attribute":"title","attribute_value":"Amtsleitung")"), "group_base");
    refused(scene.grant("fed.nutzer", carried), "hold for the person's own member only");
    CHECK(put(own).status() == 200);
}
