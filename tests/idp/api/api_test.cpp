#include "idp/api/call.hpp"
#include "idp/api/openapi.hpp"
#include "idp/http/form.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct scene_of_admin {
    test_idp idp;
    std::string token;
    scene_of_admin() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "zentral", {"zentraladmin"});
        token = api_token(idp, "dikom", "zentral");
    }
    answer call(method how, const std::string& path, const std::string& body = {},
                const fields& headers = {}) {
        return api(idp, token, how, path, body, headers);
    }
};

constexpr auto new_mapping =
    R"({"why":"neu","mapping":{"id":"neu","member":"lebus","group":"GG_Neu","roles":["dms.lesen"]}})";
constexpr auto other_mapping =
    R"({"why":"neu","mapping":{"id":"danach","member":"lebus","group":"GG_X","roles":["dms.lesen"]}})";

}  // namespace

TEST_CASE("the document names every operation, and every answer has what it promises") {
    scene_of_admin scene;
    const auto served = scene.idp.call_get("/api/v1/openapi.json", {});
    const auto document = served.json();
    CHECK(document.at("openapi").as_string() == "3.1.0");
    std::size_t operations = 0;
    for (const auto& [path, methods] : document.at("paths").as_object())
        operations += methods.as_object().size();
    CHECK(operations == idp::api::endpoints().size());
    for (const auto& one : idp::api::endpoints()) {
        const auto& schemas = document.at("components").at("schemas").as_object();
        REQUIRE(schemas.contains(one.schema));
        // Those that need nothing are asked, and compared member by member.
        if (one.method != method::get || one.path.find('{') != std::string_view::npos) continue;
        const auto query = one.path == "/audit"   ? "?purpose=Pruefung"
                           : one.path == "/usage" ? "?month=2026-11"
                                                  : "";
        const auto got = scene.call(method::get, std::string(one.path) + query);
        CAPTURE(one.path);
        REQUIRE(got.status() == 200);
        for (const auto& name : schemas.at(one.schema).at("required").as_array())
            CHECK(got.json().contains(name.as_string()));
    }
}

TEST_CASE("a token is needed, of a client of fed, with the scope") {
    scene_of_admin scene;
    CHECK(api(scene.idp, {}, method::get, "/me").status() == 401);
    CHECK(api(scene.idp, "no.such.token", method::get, "/me").status() == 401);
    scene.idp.forget_cookies();
    const auto groupware = scene.idp.tokens("groupware-web").text("access_token");
    CHECK(api(scene.idp, groupware, method::get, "/me").status() == 401);
    scene.idp.forget_cookies();
    auto page = scene.idp.authorize("fed-api", {{"scope", "openid fed:read"}});
    const auto redirect = scene.idp.fill_in(page, "zentral", "Verwaltung-1", "dikom");
    const auto reader = scene.idp.redeem("fed-api", redirect).text("access_token");
    CHECK(api(scene.idp, reader, method::get, "/me").status() == 200);
    const auto refused = api(scene.idp, reader, method::put, "/mappings/neu", new_mapping);
    CHECK(refused.status() == 403);
    CHECK(refused.header("WWW-Authenticate").find("insufficient_scope") != std::string::npos);
}

TEST_CASE("a change names its revision; one that was meant for another is stale") {
    scene_of_admin scene;
    const auto seen = scene.call(method::get, "/mappings").header("ETag");
    REQUIRE_FALSE(seen.empty());
    CHECK(scene.call(method::put, "/mappings/neu", new_mapping, {{"if-match", seen}}).status() ==
          200);
    const auto stale =
        scene.call(method::delete_, "/mappings/neu?why=weg", {}, {{"if-match", seen}});
    CHECK(stale.status() == 412);
    CHECK(stale.text("code") == "stale");
    CHECK(scene.call(method::get, "/mappings/neu").status() == 200);
    CHECK(scene.call(method::put, "/mappings/neu", new_mapping, {{"if-match", "7"}}).text("code") ==
          "must_be_revision");
}

TEST_CASE("the same key with the same request gets the same answer, and does it once") {
    scene_of_admin scene;
    const fields key{{"idempotency-key", "k-1"}};
    const auto first = scene.call(method::put, "/mappings/neu", new_mapping, key);
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto again = scene.call(method::put, "/mappings/neu", new_mapping, key);
    CHECK(again.body() == first.body());
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(scene.idp.parts().registry.get()->revision() == revision);
    const auto other = scene.call(method::delete_, "/mappings/neu?why=weg", {}, key);
    CHECK(other.text("code") == "key_of_another_request");
    // What failed for a reason that passes is tried again; the key is not used up.
    scene.idp.directories.set_reachable("lebus", false);
    const fields again_key{{"idempotency-key", "k-2"}};
    const auto find = R"({"member":"lebus","user_name":"anna.noack"})";
    CHECK(scene.call(method::post, "/persons", find, again_key).status() == 503);
    scene.idp.directories.set_reachable("lebus", true);
    CHECK(scene.call(method::post, "/persons", find, again_key).status() == 200);
}

TEST_CASE("what would not compile is refused whole, with every mistake") {
    scene_of_admin scene;
    const auto before = scene.idp.parts().registry.get()->revision();
    const auto got = scene.call(
        method::put, "/mappings/neu",
        R"({"why":"x","mapping":{"id":"neu","member":"nirgends","roles":["dms.nichts"]}})");
    CHECK(got.status() == 422);
    CHECK(got.text("code") == "registry_invalid");
    CHECK(got.json().at("details").as_array().size() == 3);
    CHECK(scene.idp.parts().registry.get()->revision() == before);
}

TEST_CASE("bad requests get the problem that they are") {
    scene_of_admin scene;
    const auto code = [&](const std::string& body) {
        return scene.call(method::put, "/mappings/neu", body).text("code");
    };
    CHECK(code("{") == "malformed_json");
    CHECK(code(R"({"why":"a","why":"b"})") == "malformed_json");
    CHECK(code(R"([1])") == "malformed_json");
    CHECK(code(R"({"why":"x"})") == "missing");
    CHECK(code(R"({"why":"x","mapping":7})") == "must_be_object");
    CHECK(code(R"({"why":"x","mapping":{"id":"neu","rolle":[]}})") == "unknown_field");
    CHECK(code(R"({"why":"x","mapping":{"id":"neu","roles":"dms.lesen"}})") == "must_be_list");
    CHECK(code(R"({"why":"x","mapping":{"id":"neu","from":"bald"}})") == "must_be_day");
    CHECK(scene.call(method::put, "/overview").status() == 405);
    CHECK(scene.call(method::get, "/gibtesnicht").status() == 404);
    const auto form = api(scene.idp, scene.token, method::post, "/persons", "member=lebus",
                          {{"content-type", "text/plain"}});
    CHECK(form.status() == 415);
}

TEST_CASE("a simulation tells what the change then does") {
    scene_of_admin scene;
    const auto body =
        R"({"mapping":{"id":"neu","member":"lebus","group":"GG_Groupware","roles":["dms.bearbeiten"]}})";
    const auto begun = scene.call(method::post, "/mappings/neu/simulation", body);
    REQUIRE(begun.status() == 202);
    const auto job = scene.call(method::get, "/jobs/" + begun.text("id"));
    CHECK(job.text("state") == "finished");
    const auto told = job.json();
    const auto& result = told.at("result");
    CHECK(result.at("persons").as_int64() >= 1);
    CHECK(result.at("effects").as_array().empty());  // she holds it through the registratur
    const auto removal = scene.call(method::post, "/mappings/lebus-registratur/simulation");
    const auto foretold = scene.call(method::get, "/jobs/" + removal.text("id"));
    const auto lost = foretold.json();
    const auto& effects = lost.at("result").at("effects").as_array();
    REQUIRE(effects.size() == 1);
    CHECK(effects.front().at("loses").as_array().size() == 2);
    CHECK(effects.front().at("gains").as_array().empty());
    CHECK(api(scene.idp, scene.token, method::get, "/jobs/fremd").status() == 404);
}

TEST_CASE("history tells what each revision changed; a roll-back is a new one") {
    scene_of_admin scene;
    const auto before = scene.idp.parts().registry.get()->revision();
    CHECK(scene.call(method::put, "/mappings/neu", new_mapping).status() == 200);
    const auto now = std::to_string(before + 1);
    const auto seen = scene.call(method::get, "/revisions/" + now);
    CHECK(seen.shows("mappings/lebus: + mapping \\\"neu\\\""));
    const auto then = "/revisions/" + std::to_string(before);
    const auto shown = scene.call(method::get, then).json().at("rollback").as_object();
    CHECK(shown.at("from") == before + 1);
    CHECK(boost::json::serialize(shown.at("difference")).find(R"(- mapping \"neu\")") !=
          std::string::npos);
    const auto back = [&](const fields& headers) {
        return api(scene.idp, scene.token, method::post, then + "/rollback", R"({"why":"Irrtum"})",
                   headers);
    };
    CHECK(back({}).text("code") == "revision_missing");
    CHECK(back({}).status() == 422);
    CHECK(scene.call(method::put, "/mappings/danach", other_mapping).status() == 200);
    const auto changed = back({{"if-match", "\"" + now + "\""}});
    CHECK(changed.status() == 412);
    CHECK(changed.text("code") == "stale");
    CHECK(changed.shows(std::to_string(before + 2)));
    CHECK(scene.call(method::get, "/mappings/neu").status() == 200);
    CHECK(back({{"if-match", "\"" + std::to_string(before + 2) + "\""}}).status() == 200);
    CHECK(scene.call(method::get, "/mappings/neu").status() == 404);
    CHECK(scene.call(method::get, "/mappings/danach").status() == 404);
    CHECK(scene.idp.parts().registry.get()->revision() == before + 3);
}

TEST_CASE("looking at the audit log needs a purpose, and is itself recorded") {
    scene_of_admin scene;
    CHECK(scene.call(method::get, "/audit?purpose=").text("code") == "purpose_missing");
    CHECK_FALSE(scene.idp.audited("audit.viewed"));
    const auto found = scene.call(method::get, "/audit?purpose=Vorfall-17&event=sign_in");
    CHECK(found.status() == 200);
    const auto records = found.json();
    for (const auto& one : records.at("records").as_array())
        CHECK(std::string(one.at("event").as_string()).starts_with("sign_in."));
    CHECK(scene.idp.audited("audit.viewed"));
}

TEST_CASE("who only audits says why before anything is shown") {
    scene_of_admin scene;
    add_administrator(scene.idp, "dikom", "auditor", {"pruefung"});
    const auto token = api_token(scene.idp, "dikom", "auditor");
    const auto silent =
        scene.idp.call_get("/api/v1/members", {{"authorization", "Bearer " + token}});
    CHECK(silent.status() == 422);
    CHECK(silent.text("code") == "purpose_missing");
    CHECK_FALSE(scene.idp.audited("audit.viewed"));
    CHECK(api(scene.idp, token, method::get, "/members").status() == 200);
    CHECK(scene.idp.audited("audit.viewed"));
}

TEST_CASE("usage counts each person once for each application") {
    scene_of_admin scene;
    scene.idp.forget_cookies();
    (void)scene.idp.tokens("groupware-web");
    (void)scene.idp.tokens("groupware-web");
    const auto now = local_day_of(scene.idp.time.now());
    const auto month = to_string(now).substr(0, 7);
    const auto got = scene.call(method::get, "/usage?month=" + month);
    CHECK(got.shows(R"({"member":"lebus","application":"groupware","active_persons":1})"));
    CHECK(scene.call(method::get, "/usage?month=2026").text("code") == "must_be_month");
}

TEST_CASE("pages of grants, exceptions and withdrawals tell each once") {
    scene_of_admin scene;
    scene.idp.change_registry([](policies::registry& r) {
        for (int i = 0; i < 1200; ++i) {
            policies::grant one;
            one.id = "g-" + std::to_string(10000 + i);
            one.member = member_slug("lebus");
            one.person = person_id("P-1");
            one.role = role_name("dms.lesen");
            one.reason = "Probe";
            one.from = day(std::chrono::days(20000 + i));
            r.grants.emplace(one.id, one);
            policies::withdrawal gone;
            gone.id = (i % 2 == 0 ? "a-" : "w-") + std::to_string(10000 + i);
            gone.member = one.member;
            gone.person = one.person;
            gone.role = one.role;
            gone.reason = "Probe";
            r.withdrawals.emplace(gone.id, gone);
        }
    });
    std::set<std::string> seen;
    std::size_t told = 0;
    std::string after;
    for (int page = 0; page < 20; ++page) {
        const auto got =
            scene.call(method::get, "/grants" + (after.empty() ? "" : "?after=" + after));
        REQUIRE(got.status() == 200);
        const auto body = got.json();
        for (const auto* list : {"grants", "withdrawals"}) {
            for (const auto& one : body.at(list).as_array()) {
                seen.insert(one.at("id").as_string().c_str());
                ++told;
            }
        }
        if (!body.contains("after")) break;
        after = body.at("after").as_string().c_str();
    }
    CHECK(seen.size() == 2400);
    CHECK(told == 2400);
}
