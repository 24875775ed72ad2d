// Setting a member's directory up: what is refused, what is kept, and what no administrator of a
// member may say. The steps with real directories: tests/end_to_end/upkeep_test.mjs.
#include "idp/admin/set_up.hpp"
#include "directory/diagnosis/server_lockout.hpp"
#include "idp/admin/one_time_code.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/http/method.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct office {
    test_idp idp;
    std::string central, local;
    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        add_administrator(idp, "lebus", "local", {"mandantenadmin"});
        central = api_token(idp, "dikom", "central");
        local = api_token(idp, "lebus", "local");
    }
    answer enter(const std::string& body) {
        return api(idp, local, method::put, "/members/lebus/set-up", body);
    }
    const policies::member& lebus() {
        snapshot = idp.parts().registry.get();
        return *snapshot->find_member(member_slug("lebus"));
    }
    policies::snapshot_ptr snapshot;
};

}  // namespace

TEST_CASE("what is entered is kept, and in force only after a test that found nothing wrong") {
    office scene;
    const auto before = scene.lebus().directory.urls;
    const auto kept = scene.enter(
        R"({"vendor":"active-directory","transport":"ldaps","urls":["dc1.lebus.example","dc2.lebus.example:3269"]})");
    REQUIRE(kept.status() == 200);
    CHECK(kept.shows("ldaps://dc1.lebus.example:636"));
    CHECK(kept.shows("ldaps://dc2.lebus.example:3269"));
    CHECK(scene.lebus().directory.urls == before);
    CHECK(api(scene.idp, scene.local, method::post, "/members/lebus/set-up/activation",
              R"({"why":"Probe"})")
              .text("code") == "test_first");
    CHECK(scene.lebus().directory.urls == before);
    CHECK(api(scene.idp, scene.local, method::delete_, "/members/lebus/set-up").status() == 200);
    CHECK_FALSE(api(scene.idp, scene.local, method::get, "/members/lebus/set-up").shows("dc1."));
}

TEST_CASE("nobody joins, or is renamed, so that they could be taken for another member") {
    office scene;
    const auto revision = scene.idp.parts().registry.get()->revision();
    const auto try_to = [&](method how, const std::string& path, const std::string& facts) {
        const auto got = api(scene.idp, scene.central, how, path, "{" + facts + R"(,"why":"x"})");
        CAPTURE(facts);
        CHECK(got.status() == 422);
        CHECK(got.text("code") == "registry_invalid");
        CHECK(scene.idp.parts().registry.get()->revision() == revision);
        return got;
    };
    for (const auto* facts :
         {R"("slug":"neu","name":"Stadt Cottbus")", R"("slug":"neu","name":"STADT C0TTBUS")",
          R"("slug":"neu","name":"Stadt  Neu")", R"("slug":"neu","name":"St\u0430dt Neu")",
          R"("slug":"neu","name":"Neu","domains":["cottbus.example"])",
          R"("slug":"neu","name":"Neu","domains":["c0ttbus.example"])",
          R"("slug":"neu","name":"Neu","name_variant":"Stadt-Čottbus")"})
        (void)try_to(method::post, "/members", facts);
    const auto renamed = try_to(method::put, "/members/lebus", R"("name":"Stadt Cottbuś")");
    CHECK(renamed.shows("members/lebus"));
    CHECK(renamed.shows("add what tells them apart"));
}

TEST_CASE("a password is sealed, never shown, and does not follow the address to another server") {
    office scene;
    REQUIRE(
        scene
            .enter(
                R"({"transport":"ldaps","urls":["dc1.lebus.example"],"bind_dn":"cn=k,dc=lebus,dc=example"})")
            .status() == 200);
    const auto kept = scene.enter(R"({"bind_password":"Sehr-geheim-1"})");
    REQUIRE(kept.status() == 200);
    CHECK(kept.json().at("has_password").as_bool());
    CHECK_FALSE(kept.shows("Sehr-geheim"));
    // That there is another one is told, and not which; nor where the old one lay.
    CHECK(kept.shows("bind_password_sealed = …"));
    CHECK_FALSE(kept.shows("bind_password_file"));
    const auto elsewhere = scene.enter(R"({"urls":["dc1.anderswo.example"]})");
    CHECK_FALSE(elsewhere.json().at("has_password").as_bool());
}

TEST_CASE("only the member that a password was sealed for opens it") {
    office scene;
    const auto keys = scene.idp.parts().keys.get();
    auto lebus = scene.lebus();
    lebus.directory.bind_password_sealed =
        idp::registry::sealed_directory_password(*keys, lebus.slug, "Sehr-geheim-1");
    const auto opened = idp::registry::opened_directory(*keys, lebus);
    REQUIRE(opened.bind_password.value != nullptr);
    CHECK(opened.bind_password.value->reveal() == "Sehr-geheim-1");
    lebus.slug = member_slug("cottbus");
    CHECK(idp::registry::opened_directory(*keys, lebus).bind_password.value == nullptr);
}

TEST_CASE("wrong entries are refused by field, and nothing is kept of them") {
    office scene;
    const std::pair<const char*, const char*> wrong[] = {
        {R"({"urls":[]})", "address_missing"},
        {R"({"urls":["http://dc1"]})", "must_be_address"},
        {R"({"urls":["ldap://dc1.example:389"],"transport":"ldaps"})", "transport_differs"},
        {R"({"transport":"plain"})", "plain_text"},
        {R"({"urls":["dc1.example"]})", "plain_text"},  // what is in force here is plain
        {R"({"transport":"telnet"})", "unknown_word"},
        {R"({"person_base":"Leute"})", "must_be_dn"},
        {R"({"person_filter":"(uid=*"})", "must_be_filter"},
        {R"({"login_attributes":["a b"]})", "must_be_attribute"},
        {R"({"ca_certificate":"kein Zertifikat"})", "must_be_certificate"},
        {R"({"bind_password_file":"/etc/shadow"})", "unknown_field"},
        {R"({"member_of":"ja"})", "must_be_truth"},
        {R"({"lockout_threshold":1})", "must_be_threshold"},  // would leave no attempt
        {R"({"lockout_threshold":1001})", "must_be_threshold"},
        {R"({"lockout_threshold":-1})", "must_be_threshold"},
        {R"({"lockout_threshold":"5"})", "must_be_threshold"},
        {R"({"lockout_minutes":0})", "must_be_window"},
        {R"({"lockout_minutes":1441})", "must_be_window"},
        {R"({"lockout_minutes":30.5})", "must_be_window"},
        {R"({"lockout_minutes":1e4})", "must_be_window"},
    };
    for (const auto& tried : wrong) {
        const auto& [body, code] = tried;
        CAPTURE(tried.first);
        const auto got = scene.enter(body);
        CHECK(got.status() >= 400);
        CHECK(got.text("code") == code);
    }
    CHECK(
        api(scene.idp, scene.local, method::get, "/members/lebus/set-up").text("changed").empty());
}

TEST_CASE("what the server says of its lock-out is taken over where it is stricter") {
    using directory::diagnosis::server_lockout;
    using namespace std::chrono_literals;
    directory_settings ours;
    CHECK(idp::admin::adopt_lockout({10, 15min}, ours));
    CHECK(ours.lockout_threshold == 10);
    CHECK(ours.lockout_window == 30min);
    CHECK_FALSE(idp::admin::adopt_lockout({10, 15min}, ours));
    CHECK_FALSE(idp::admin::adopt_lockout({20, 30min}, ours));
    CHECK(idp::admin::adopt_lockout({5, 60min}, ours));
    CHECK(ours.lockout_threshold == 5);
    CHECK(ours.lockout_window == 60min);
    CHECK(idp::admin::adopt_lockout({5, std::nullopt}, ours));  // it never forgets
    CHECK(ours.lockout_window == 24h);
    for (const auto& says_nothing : {server_lockout{0, {}}, server_lockout{1, 60min}})
        CHECK_FALSE(idp::admin::adopt_lockout(says_nothing, ours));
}

TEST_CASE("the set-up asks when the directory locks accounts, and it is in force afterwards") {
    office scene;
    REQUIRE(scene
                .enter(R"({"transport":"ldaps","urls":["dc1.lebus.example"],"lockout_threshold":5,)"
                       R"("lockout_minutes":4.5e1})")
                .status() == 200);
    const auto kept = api(scene.idp, scene.local, method::get, "/members/lebus/set-up");
    CHECK(kept.shows("\"lockout_threshold\":5"));
    CHECK(kept.shows("\"lockout_window\":"));
}

TEST_CASE("a new member is not in force: nobody finds it, nobody signs in with it") {
    office scene;
    const auto made = api(scene.idp, scene.central, method::post, "/members",
                          R"({"slug":"seelow","name":"Stadt Seelow","domains":["seelow.example"],)"
                          R"("like":"lebus","why":"Beschluss"})");
    REQUIRE(made.status() == 200);
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->find_member(member_slug("seelow")) != nullptr);
    CHECK(registry->find_active_member(member_slug("seelow")) == nullptr);
    CHECK(registry->member_of_domain("seelow.example") == nullptr);
    CHECK(registry->is_subscribed(member_slug("seelow"), application_key("fed")));
    CHECK(registry->is_subscribed(member_slug("seelow"), application_key("groupware")));
    CHECK(idp::registry::directories_of(*registry, *scene.idp.parts().keys.get())
              .count(member_slug("seelow")) == 0);
    // Nobody is asked for its people, whatever asks.
    CHECK(api(scene.idp, scene.central, method::post, "/persons",
              R"({"member":"seelow","user_name":"rita.linke"})")
              .text("code") == "not_set_up");
    CHECK(api(scene.idp, scene.central, method::post, "/members/seelow/role-matrix").text("code") ==
          "not_set_up");
    CHECK(api(scene.idp, scene.central, method::post, "/campaigns",
              R"({"title":"Probe","due":"2099-01-01","members":["seelow"]})")
              .status() == 202);
    const auto again = api(scene.idp, scene.central, method::post, "/members",
                           R"({"slug":"seelow","name":"Noch einmal","why":"Beschluss"})");
    CHECK(again.text("code") == "member_exists");
    CHECK(api(scene.idp, scene.central, method::post, "/members/lebus/invitation", "{}")
              .text("code") == "is_set_up");
}

namespace {

// A new member whose draft has been tested, as after the steps of the set-up.
void prepare_seelow(office& scene) {
    REQUIRE(api(scene.idp, scene.central, method::post, "/members",
                R"({"slug":"seelow","name":"Stadt Seelow","domains":["seelow.example"],)"
                R"("like":"lebus","why":"Beschluss"})")
                .status() == 200);
    REQUIRE(api(scene.idp, scene.central, method::put, "/members/seelow/set-up",
                R"({"vendor":"openldap","transport":"ldaps","urls":["dc1.seelow.example"],)"
                R"("bind_dn":"cn=k,dc=seelow,dc=example","bind_password":"Geheim-1",)"
                R"("person_base":"ou=people,dc=seelow,dc=example",)"
                R"("group_base":"ou=groups,dc=seelow,dc=example"})")
                .status() == 200);
    scene.idp.directories.add("seelow", "rita.linke", "Sommer-1");
    REQUIRE(scene.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        auto kept = *t.set_ups().find(member_slug("seelow"));
        kept.tested_at = scene.idp.time.now();
        t.set_ups().put(kept);
    }));
}

std::size_t persons_of_seelow(office& scene) {
    std::size_t count = 0;
    REQUIRE(scene.idp.parts().memory.read_now([&](idp::store::transaction& t) {
        count = t.persons().of_member(member_slug("seelow")).size();
    }));
    return count;
}

answer activate_seelow(office& scene, const std::string& administrator) {
    return api(scene.idp, scene.central, method::post, "/members/seelow/set-up/activation",
               R"({"why":"Probe","administrator":")" + administrator + R"("})");
}

}  // namespace

TEST_CASE("a mistyped administrator activates nothing, and the right one all of it at once") {
    office scene;
    prepare_seelow(scene);
    const auto seelow = [&] {
        return scene.idp.parts().registry.get()->find_active_member(member_slug("seelow"));
    };
    const auto before = scene.idp.parts().registry.get()->revision();
    const auto mistyped = activate_seelow(scene, "rita.linde");
    CHECK(mistyped.status() == 422);
    CHECK(mistyped.text("code") == "unknown_person");
    CHECK(mistyped.text("field") == "administrator");
    scene.idp.directories.set_reachable("seelow", false);
    CHECK(activate_seelow(scene, "rita.linke").status() == 503);
    scene.idp.directories.set_reachable("seelow", true);
    CHECK(seelow() == nullptr);
    CHECK(scene.idp.parts().registry.get()->revision() == before);
    CHECK(persons_of_seelow(scene) == 0);
    CHECK(api(scene.idp, scene.central, method::get, "/members/seelow/set-up").shows("dc1.seelow"));

    const auto made = activate_seelow(scene, "rita.linke");
    REQUIRE(made.status() == 200);
    CHECK(seelow() != nullptr);
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->revision() == before + 1);
    const auto& grant = registry->documents().grants.at(made.text("grant"));
    CHECK(grant.role == role_name("fed.mandantenadmin"));
    CHECK(grant.member == member_slug("seelow"));
    CHECK(persons_of_seelow(scene) == 1);
    CHECK(scene.idp.audited("grant.requested"));
    CHECK(api(scene.idp, scene.central, method::get, "/members/seelow/set-up")
              .text("tested")
              .empty());
}

TEST_CASE("where a second person decides first, nobody is asked to administer on the way") {
    office scene;
    prepare_seelow(scene);
    REQUIRE(activate_seelow(scene, "rita.linke").status() == 200);
    REQUIRE(api(scene.idp, scene.central, method::put, "/members/seelow/set-up",
                R"({"urls":["dc9.seelow.example"],"bind_password":"Geheim-2"})")
                .status() == 200);
    REQUIRE(scene.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        auto kept = *t.set_ups().find(member_slug("seelow"));
        kept.tested_at = scene.idp.time.now();
        t.set_ups().put(kept);
    }));
    const auto refused = activate_seelow(scene, "rita.linke");
    CHECK(refused.text("code") == "after_approval");
    CHECK(api(scene.idp, scene.central, method::get, "/members/seelow/set-up")
              .text("asked_by")
              .empty());
}

TEST_CASE("an invitation opens the set-up of its member once, and nothing else") {
    office scene;
    REQUIRE(api(scene.idp, scene.central, method::post, "/members",
                R"({"slug":"seelow","name":"Stadt Seelow","why":"Beschluss"})")
                .status() == 200);
    const auto made =
        api(scene.idp, scene.central, method::post, "/members/seelow/invitation", "{}");
    REQUIRE(made.status() == 200);
    const auto link = made.text("link");
    const auto code = link.substr(link.find("code=") + 5);
    scene.idp.forget_cookies();
    CHECK(scene.idp.get("/invitation", {{"code", code}}).status() == 200);
    CHECK(scene.idp.post("/invitation", {{"code", code}}).location() == "/console");
    // Whoever has used it comes in with it again, for as long as they may.
    CHECK(scene.idp.get("/invitation", {{"code", code}}).location() == "/console");
    CHECK(scene.idp.post("/invitation", {{"code", code}}).location() == "/console");
    CHECK(scene.idp.get("/console").location() == "/console/members/seelow/set-up");
    for (const auto* path : {"/console/members/lebus/set-up", "/console/audit", "/console/keys",
                             "/console/persons", "/console/mappings"}) {
        CAPTURE(path);
        CHECK_FALSE(scene.idp.get(path).shows("dc=lebus"));
    }
    CHECK(scene.idp.get("/console/members/lebus/set-up").status() == 404);
    CHECK(scene.idp.get("/console/members/seelow/set-up").status() == 200);
    scene.idp.forget_cookies();
    const auto over = scene.idp.post("/invitation", {{"code", code}});
    CHECK(over.status() == 400);
    CHECK(over.shows("Dieser Link gilt nicht mehr"));
    CHECK(over.shows("href=\"/console\""));
    CHECK(scene.idp.audited("invitation.issued"));
    CHECK(scene.idp.audited("invitation.used"));
}

TEST_CASE("codes of one kind do not open another, and not for ever") {
    office scene;
    namespace admin = idp::admin;
    const auto keys = scene.idp.parts().keys.get();
    const auto now = scene.idp.time.now();
    const auto sealed =
        admin::seal_code(*keys, admin::invitation, {"x", "seelow", now + admin::invitation.link});
    CHECK(admin::open_code(*keys, admin::invitation, sealed, now)->about == "seelow");
    CHECK_FALSE(admin::open_code(*keys, admin::emergency, sealed, now));
    CHECK_FALSE(admin::open_code(*keys, admin::invitation, sealed, now + admin::invitation.link));
}

TEST_CASE("a member that leaves takes its documents and its persons along, and nobody else's") {
    office scene;
    const auto anna = api(scene.idp, scene.local, method::post, "/persons",
                          R"({"member":"lebus","user_name":"anna.noack"})")
                          .text("id");
    REQUIRE(api(scene.idp, scene.local, method::put, "/mappings/lebus-akten",
                R"({"why":"Probe","mapping":{"id":"lebus-akten","member":"lebus","group":"GG_X",)"
                R"("roles":["dms.lesen"]}})")
                .status() == 200);
    const auto gone = api(scene.idp, scene.central, method::delete_, "/members/lebus?why=Austritt");
    REQUIRE(gone.status() == 200);
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->find_member(member_slug("lebus")) == nullptr);
    CHECK(registry->find_member(member_slug("cottbus")) != nullptr);
    CHECK_FALSE(registry->documents().mappings.contains("lebus-akten"));
    std::optional<idp::store::person> found;
    REQUIRE(scene.idp.parts().memory.read_now(
        [&](idp::store::transaction& t) { found = t.persons().find(person_id(anna)); }));
    CHECK_FALSE(found);
    CHECK(api(scene.idp, scene.central, method::delete_, "/members/dikom?why=Probe").text("code") ==
          "is_association");
}

TEST_CASE("a certificate that ends soon greets its own administrator, and no other") {
    office scene;
    auto found = std::make_shared<idp::admin::expiring_certificates>();
    found->push_back({member_slug("lebus"), "ldaps://dc1.lebus.example:636", "2026-12-01", false});
    scene.idp.parts().state.found.certificates.replace(found);
    CHECK(api(scene.idp, scene.local, method::get, "/overview").shows("dc1.lebus.example"));
    add_administrator(scene.idp, "cottbus", "other", {"mandantenadmin"});
    const auto other = api_token(scene.idp, "cottbus", "other");
    CHECK_FALSE(api(scene.idp, other, method::get, "/overview").shows("dc1.lebus.example"));
}
