// What goes for good is asked for by name, through every door.
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct office {
    test_idp idp;
    std::string central;
    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        central = api_token(idp, "dikom", "central");
    }
    long long revision() { return idp.parts().registry.get()->revision(); }
    const policies::registry& documents() {
        kept = idp.parts().registry.get();
        return kept->documents();
    }
    answer back_to(long long number, const std::string& more = {}) {
        return api(idp, central, method::post, "/revisions/" + std::to_string(number) + "/rollback",
                   R"({"why":"zurück")" + more + "}",
                   {{"if-match", "\"" + std::to_string(revision()) + "\""}});
    }
    policies::snapshot_ptr kept;
};

policies::member new_member() {
    policies::member made;
    made.slug = member_slug("zwei");
    made.name.de = "Gemeinde Zwei";
    made.domains = {"zwei.example"};
    made.active = false;
    return made;
}

policies::withdrawal taken_away() {
    policies::withdrawal made;
    made.id = "w-1";
    made.member = member_slug("lebus");
    made.person = person_id("P-anna");
    made.role = role_name("groupware.postfach");
    made.reason = "nicht mehr im Amt";
    return made;
}

}  // namespace

TEST_CASE("a roll-back takes no member along that is not named") {
    office scene;
    const auto before = scene.revision();
    scene.idp.change_registry(
        [](policies::registry& r) { r.members.emplace(member_slug("zwei"), new_member()); });

    const auto refused = scene.back_to(before);
    CHECK(refused.status() == 422);
    CHECK(refused.text("code") == "members_would_go");
    CHECK(refused.shows("zwei"));
    CHECK(scene.documents().members.contains(member_slug("zwei")));
    CHECK(scene.back_to(before, R"(,"remove_members":["lebus"])").text("code") ==
          "members_would_go");

    CHECK(scene.back_to(before, R"(,"remove_members":["zwei"])").status() == 200);
    CHECK_FALSE(scene.documents().members.contains(member_slug("zwei")));
}

TEST_CASE("a roll-back gives nobody back what was taken away since") {
    office scene;
    const auto before = scene.revision();
    scene.idp.change_registry(
        [](policies::registry& r) { r.withdrawals.emplace("w-1", taken_away()); });
    scene.idp.change_registry([](policies::registry& r) { r.mappings.erase("lebus-registratur"); });

    CHECK(scene.back_to(before).status() == 200);
    CHECK(scene.documents().mappings.contains("lebus-registratur"));
    CHECK(scene.documents().withdrawals.contains("w-1"));
}

TEST_CASE("subjects change only where that is asked for, by roll-back as by the client itself") {
    office scene;
    const auto before = scene.revision();
    scene.idp.change_registry([](policies::registry& r) {
        r.applications.at(application_key("dms")).clients.front().sector = "akten.example";
    });
    const auto refused = scene.back_to(before);
    CHECK(refused.text("code") == "subjects_would_change");
    CHECK(refused.shows("dms-web"));

    const auto shown = api(scene.idp, scene.central, method::get, "/applications/dms");
    auto client = shown.json().at("clients").as_array().front().as_object();
    client["sector"] = "anders.example";
    const auto put = [&](const std::string& more) {
        return api(scene.idp, scene.central, method::put, "/applications/dms/clients/dms-web",
                   R"({"why":"Umzug","client":)" + boost::json::serialize(client) + more + "}");
    };
    CHECK(put("").text("code") == "subjects_would_change");
    CHECK(put(R"(,"new_subjects":true)").status() == 200);
    CHECK(scene.back_to(before, R"(,"new_subjects":["dms-web"])").status() == 200);
}
