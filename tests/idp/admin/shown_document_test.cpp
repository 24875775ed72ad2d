// What is approved, agreed to, refused or confirmed is what was shown: somebody proposes something
// harmless, waits until the second person has it before them, changes it, and has them click.
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
    std::string manager, approver, neighbour, central, anna;
    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "manager", {"mandantenadmin"});
        add_administrator(idp, "lebus", "approver", {"rollenfreigabe"});
        add_administrator(idp, "cottbus", "neighbour", {"mandantenadmin"});
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        manager = api_token(idp, "lebus", "manager");
        approver = api_token(idp, "lebus", "approver");
        neighbour = api_token(idp, "cottbus", "neighbour");
        central = api_token(idp, "dikom", "central");
        anna =
            ask(manager, method::post, "/persons", R"({"member":"lebus","user_name":"anna.noack"})")
                .text("id");
    }
    answer ask(const std::string& token, method how, const std::string& path,
               const std::string& body = {}) {
        return api(idp, token, how, path, body);
    }
    answer put_mapping(const std::string& group, const std::string& more = {}) {
        return ask(manager, method::put, "/mappings/betrieb",
                   R"({"why":"Betrieb der Postfächer","mapping":{"member":"lebus","group":")" +
                       group + R"(","roles":["groupware.betrieb"])" + more + "}}");
    }
    std::string seen(const std::string& token, const std::string& document) {
        auto digest = shown_digest(idp, token, document);
        CHECK(digest.size() == 43);
        return digest;
    }
    answer decide(const std::string& token, const std::string& path, const std::string& digest) {
        return ask(token, method::post, path, R"({"digest":")" + digest + R"(","why":"ja"})");
    }
    const policies::registry& documents() {
        snapshot = idp.parts().registry.get();
        return snapshot->documents();
    }
    policies::snapshot_ptr snapshot;
};

// Refused, with what it is now, and nothing done.
void check_changed(office& scene, const answer& got, long long revision) {
    CHECK(got.status() == 412);
    CHECK(got.text("code") == "changed_since_shown");
    REQUIRE(got.json().contains("now"));
    CHECK(got.json().at("now").as_object().at("digest").as_string().size() == 43);
    CHECK(scene.idp.parts().registry.get()->revision() == revision);
}

std::string now_of(const answer& got, const char* member) {
    const auto body = got.json();
    return boost::json::serialize(body.at("now").as_object().at(member));
}

}  // namespace

TEST_CASE("a mapping that is changed under the second person's eyes is not approved") {
    office scene;
    REQUIRE(scene.put_mapping("GG_Postmeister").status() == 200);
    const auto digest = scene.seen(scene.approver, "mappings/betrieb");
    REQUIRE(scene.put_mapping("GG_Alle").status() == 200);
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto got = scene.decide(scene.approver, "/mappings/betrieb/approval", digest);
    check_changed(scene, got, revision);
    CHECK(now_of(got, "group") == "\"GG_Alle\"");
    // Nor is it refused unread.
    check_changed(scene,
                  scene.ask(scene.approver, method::delete_,
                            "/mappings/betrieb/approval?why=nein&digest=" + digest),
                  revision);
    const auto now = scene.seen(scene.approver, "mappings/betrieb");
    CHECK(scene.decide(scene.approver, "/mappings/betrieb/approval", now).status() == 200);
}

TEST_CASE("withdrawn and proposed again under the same id is another version; the same is not") {
    office scene;
    REQUIRE(scene.put_mapping("GG_Postmeister").status() == 200);
    const auto digest = scene.seen(scene.approver, "mappings/betrieb");
    const auto withdraw = [&] {
        return scene.ask(scene.manager, method::delete_, "/mappings/betrieb?why=zurueck").status();
    };
    REQUIRE(withdraw() == 200);
    REQUIRE(scene.put_mapping("GG_Postmeister", R"(,"until":"2099-12-31")").status() == 200);
    const auto revision = scene.idp.parts().registry.get()->revision();
    check_changed(scene, scene.decide(scene.approver, "/mappings/betrieb/approval", digest),
                  revision);
    REQUIRE(withdraw() == 200);
    REQUIRE(scene.put_mapping("GG_Postmeister").status() == 200);
    CHECK(scene.decide(scene.approver, "/mappings/betrieb/approval", digest).status() == 200);
}

TEST_CASE("a catalogue that changes meanwhile changes what a request means") {
    office scene;
    REQUIRE(scene.put_mapping("GG_Postmeister").status() == 200);
    const auto digest = scene.seen(scene.approver, "mappings/betrieb");
    REQUIRE(scene
                .ask(scene.central, method::put, "/applications/groupware/roles/groupware.betrieb",
                     R"({"why":"Katalog","role":{"title":"Betrieb","sensitive":true,)"
                     R"("includes":["dms.bearbeiten"]}})")
                .status() == 200);
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto got = scene.decide(scene.approver, "/mappings/betrieb/approval", digest);
    check_changed(scene, got, revision);
    CHECK(now_of(got, "means").find("dms.bearbeiten") != std::string::npos);
}

TEST_CASE("a grant is approved for the days and the scope that were shown, by a roll-back too") {
    office scene;
    const auto id = scene
                        .ask(scene.manager, method::post, "/grants",
                             R"({"member":"lebus","person":")" + scene.anna +
                                 R"(","role":"groupware.betrieb","reason":"Urlaub"})")
                        .text("id");
    const auto path = "/grants/" + id + "/approval";
    const auto digest = scene.seen(scene.approver, "grants/" + id);
    const auto longer = [&](std::vector<member_slug> targets) {
        scene.idp.change_registry(
            [&](policies::registry& r) { r.grants.at(id).for_members = std::move(targets); });
        return scene.idp.parts().registry.get()->revision();
    };
    check_changed(scene, scene.decide(scene.approver, path, digest),
                  longer({member_slug("cottbus")}));
    const auto refusal =
        scene.ask(scene.approver, method::delete_, "/grants/" + id + "?why=nein&digest=" + digest);
    CHECK(refusal.text("code") == "changed_since_shown");
    CHECK(scene.ask(scene.approver, method::delete_, "/grants/" + id + "?why=nein").text("code") ==
          "digest_missing");
    // As it was shown, it is approved.
    (void)longer({});
    CHECK(scene.decide(scene.approver, path, digest).status() == 200);
    // What is in force is ended without having been shown; who gives a digest means that version.
    CHECK(scene.ask(scene.approver, method::delete_, "/grants/" + id + "?why=Ende&digest=" + digest)
              .text("code") == "changed_since_shown");
    CHECK(scene.ask(scene.approver, method::delete_, "/grants/" + id + "?why=Ende").status() ==
          200);
}

TEST_CASE("an exception is from the constraint that was shown") {
    office scene;
    const auto id =
        scene
            .ask(scene.manager, method::post, "/exceptions",
                 R"({"member":"lebus","person":")" + scene.anna +
                     R"(","constraint":"akten","reason":"eine Kraft","until":"2099-12-31"})")
            .text("id");
    const auto digest = scene.seen(scene.approver, "exceptions/" + id);
    scene.idp.change_registry(
        [](policies::registry& r) { r.constraints.at("akten").first = "dms.*"; });
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto path = "/exceptions/" + id;
    check_changed(scene, scene.decide(scene.approver, path + "/approval", digest), revision);
    check_changed(scene,
                  scene.ask(scene.approver, method::delete_, path + "?why=nein&digest=" + digest),
                  revision);
    // Who asked takes back without looking.
    CHECK(scene.ask(scene.manager, method::delete_, path + "?why=doch%20nicht").status() == 200);
}

TEST_CASE("a client is approved with the addresses that were shown") {
    office scene;
    scene.idp.change_registry([](policies::registry& r) {
        r.applications.at(application_key("groupware")).operated_by = member_slug("cottbus");
    });
    add_administrator(scene.idp, "cottbus", "operates", {"appbetrieb"});
    const auto operates = api_token(scene.idp, "cottbus", "operates");
    const std::string path = "/applications/groupware/clients/mobil";
    const auto put = [&](const std::string& address) {
        return scene
            .ask(operates, method::put, path,
                 R"({"why":"x","client":{"redirect_uris":[")" + address + R"("]}})")
            .status();
    };
    REQUIRE(put("https://mobil.example/cb") == 200);
    const auto digest = scene.seen(scene.central, "applications/groupware/clients/mobil");
    REQUIRE(put("https://boese.example/cb") == 200);
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto got = scene.decide(scene.central, path + "/approval", digest);
    check_changed(scene, got, revision);
    CHECK(now_of(got, "redirect_uris").find("boese") != std::string::npos);
    CHECK_FALSE(got.shows("secret_sha256"));
    check_changed(scene,
                  scene.ask(scene.central, method::delete_, path + "?why=nein&digest=" + digest),
                  revision);
    REQUIRE(put("https://mobil.example/cb") == 200);
    CHECK(scene.decide(scene.central, path + "/approval", digest).status() == 200);
}

TEST_CASE("who agrees for their member sees the whole rule, and agrees to that one") {
    office scene;
    const auto put = [&](const std::string& group, const std::string& until) {
        return scene
            .ask(scene.manager, method::put, "/mappings/standesamt",
                 R"({"why":"gemeinsames Standesamt","mapping":{"member":"lebus","group":")" +
                     group + R"(","roles":["groupware.postfach"],"for_members":["cottbus"],)" +
                     R"("until":")" + until + R"("}})")
            .status();
    };
    REQUIRE(put("GG_Standesamt", "2099-12-31") == 200);
    const auto list = scene.ask(scene.neighbour, method::get, "/agreements");
    REQUIRE(list.status() == 200);
    for (const auto* told : {"GG_Standesamt", "groupware.postfach", "2099-12-31", "\"lebus\"",
                             "gemeinsames Standesamt", "\"asked_by_name\":\"manager\""}) {
        CAPTURE(told);
        CHECK(list.shows(told));
    }
    // The rule is another member's, and not to be found by any other way.
    CHECK(scene.ask(scene.neighbour, method::get, "/mappings/standesamt").status() == 404);
    const auto digest = scene.seen(scene.neighbour, "mappings/standesamt");
    const auto agree = [&](const std::string& token, const std::string& given,
                           const char* target = "cottbus") {
        return scene.ask(token, method::post, "/agreements",
                         std::string(R"({"document":"mappings/standesamt","target":")") + target +
                             R"(","agreed":true,"digest":")" + given + "\"}");
    };
    REQUIRE(put("GG_Alle", "2099-12-31") == 200);
    auto revision = scene.idp.parts().registry.get()->revision();
    const auto got = agree(scene.neighbour, digest);
    check_changed(scene, got, revision);
    CHECK(now_of(got, "group") == "\"GG_Alle\"");
    // Nobody else is told what it is now.
    add_administrator(scene.idp, "cottbus", "desk", {"helpdesk"});
    const auto desk = agree(api_token(scene.idp, "cottbus", "desk"), digest);
    CHECK(desk.status() == 404);
    CHECK_FALSE(desk.shows("GG_Alle"));
    REQUIRE(put("GG_Standesamt", "2099-12-31") == 200);
    CHECK(agree(scene.neighbour, digest).status() == 200);
    CHECK(scene.documents().mappings.at("standesamt").agreed.size() == 1);
    // Whoever else agreed did not ask.
    CHECK(scene.ask(scene.neighbour, method::get, "/agreements")
              .shows("\"asked_by_name\":\"manager\""));
}

TEST_CASE("an agreement that was given before the approval stands after it") {
    office scene;
    REQUIRE(scene.put_mapping("GG_Postmeister", R"(,"for_members":["cottbus"])").status() == 200);
    const auto shown = scene.seen(scene.neighbour, "mappings/betrieb");
    REQUIRE(scene
                .ask(scene.neighbour, method::post, "/agreements",
                     R"({"document":"mappings/betrieb","target":"cottbus","agreed":true,)"
                     R"("digest":")" +
                         shown + "\"}")
                .status() == 200);
    const auto digest = scene.seen(scene.approver, "mappings/betrieb");
    CHECK(scene.decide(scene.approver, "/mappings/betrieb/approval", digest).status() == 200);
    CHECK(scene.documents().mappings.at("betrieb").agreed.size() == 1);
}

TEST_CASE("approval is no field of a document") {
    office scene;
    REQUIRE(scene.put_mapping("GG_Postmeister").status() == 200);
    auto rule = scene.ask(scene.central, method::get, "/mappings/betrieb").json();
    const auto me = scene.ask(scene.central, method::get, "/me").text("id");
    rule["state"] = "active";
    rule["approved_by"] = me;
    rule["approved_on"] = to_string(local_day_of(scene.idp.time.now()));
    const auto got =
        scene.ask(scene.central, method::put, "/mappings/betrieb",
                  boost::json::serialize(boost::json::object{{"why", "x"}, {"mapping", rule}}));
    CHECK(got.status() == 200);
    CHECK(scene.documents().mappings.at("betrieb").state == policies::grant_state::requested);
}
