// Whoever says where a member's directory is says who its people are: that takes two, whatever the
// door.
#include "idp/admin/actor.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/repointing.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

const std::string other_server =
    R"({"vendor":"openldap","transport":"ldaps","urls":["dc9.lebus.example"]})";

struct office {
    test_idp idp;
    std::string central, second_central, local, second_local, housekeeper;

    office() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        add_administrator(idp, "dikom", "central2", {"zentraladmin"});
        add_administrator(idp, "dikom", "haus", {"mandantenadmin"});
        add_administrator(idp, "lebus", "local", {"mandantenadmin"});
        add_administrator(idp, "lebus", "local2", {"mandantenadmin"});
        central = api_token(idp, "dikom", "central");
        second_central = api_token(idp, "dikom", "central2");
        housekeeper = api_token(idp, "dikom", "haus");
        local = api_token(idp, "lebus", "local");
        second_local = api_token(idp, "lebus", "local2");
    }

    // Entered, and tested as far as this goes without a server.
    void enter(const std::string& token, const std::string& member, const std::string& body) {
        REQUIRE(api(idp, token, method::put, "/members/" + member + "/set-up", body).status() ==
                200);
        const auto done = idp.parts().memory.write_now([&](idp::store::transaction& t) {
            auto kept = t.set_ups().find(member_slug(member));
            kept->tested_at = idp.time.now();
            t.set_ups().put(*kept);
        });
        REQUIRE(done.has_value());
    }
    answer activate(const std::string& token, const std::string& member) {
        return api(idp, token, method::post, "/members/" + member + "/set-up/activation",
                   R"({"why":"neuer Server"})");
    }
    std::string digest(const std::string& token, const std::string& member) {
        return api(idp, token, method::get, "/members/" + member + "/set-up").text("digest");
    }
    answer approve(const std::string& token, const std::string& member, const std::string& shown) {
        return api(idp, token, method::post, "/members/" + member + "/set-up/approval",
                   R"({"digest":")" + shown + R"("})");
    }
    std::string url_of(const std::string& member) {
        const auto registry = idp.parts().registry.get();
        return registry->find_member(member_slug(member))->directory.urls.front();
    }
};

const std::string before = "ldap://127.0.0.1:389";
const std::string after = "ldaps://dc9.lebus.example:636";

}  // namespace

TEST_CASE("a member's administrator asks, and the association's approves what it was shown") {
    office scene;
    scene.enter(scene.local, "lebus", other_server);
    const auto asked = scene.activate(scene.local, "lebus");
    REQUIRE(asked.status() == 200);
    CHECK(asked.json().at("waits").as_bool());
    CHECK(scene.url_of("lebus") == before);
    const auto shown = api(scene.idp, scene.central, method::get, "/members/lebus/set-up");
    CHECK(shown.shows("urls"));
    CHECK(shown.text("asked_why") == "neuer Server");
    const auto digest = shown.text("digest");

    CHECK(scene.approve(scene.local, "lebus", digest).text("code") == "own_request");
    CHECK(scene.approve(scene.second_local, "lebus", digest).text("code") == "association_only");
    CHECK(scene.approve(scene.central, "lebus", "").text("code") == "must_be_digest");
    const auto stale = scene.approve(scene.central, "lebus", std::string(43, 'A'));
    CHECK(stale.status() == 412);
    CHECK(stale.text("code") == "changed_since_shown");
    CHECK(scene.url_of("lebus") == before);
    CHECK(api(scene.idp, scene.central, method::get, "/overview").shows("waiting_directories"));

    REQUIRE(scene.approve(scene.central, "lebus", digest).status() == 200);
    CHECK(scene.url_of("lebus") == after);
    CHECK(scene.idp.audited("directory.change_requested"));
    CHECK(scene.idp.audited("directory.change_approved"));
    CHECK(scene.approve(scene.central, "lebus", digest).text("code") == "nothing_to_approve");
}

TEST_CASE("what the association asks, the member agrees to; nobody agrees to their own") {
    office scene;
    scene.enter(scene.central, "lebus", other_server);
    REQUIRE(scene.activate(scene.central, "lebus").json().at("waits").as_bool());
    const auto digest = scene.digest(scene.local, "lebus");
    CHECK(scene.approve(scene.central, "lebus", digest).text("code") == "own_request");
    REQUIRE(scene.approve(scene.local, "lebus", digest).status() == 200);
    CHECK(scene.url_of("lebus") == after);
}

TEST_CASE("the association's own directory takes two of its central administrators") {
    office scene;
    scene.enter(scene.housekeeper, "dikom", other_server);
    CHECK(scene.activate(scene.housekeeper, "dikom").text("code") == "association_only");
    REQUIRE(scene.activate(scene.central, "dikom").json().at("waits").as_bool());
    const auto digest = scene.digest(scene.central, "dikom");
    CHECK(scene.approve(scene.housekeeper, "dikom", digest).text("code") == "association_only");
    CHECK(scene.approve(scene.central, "dikom", digest).text("code") == "own_request");
    CHECK(scene.url_of("dikom") == before);
    REQUIRE(scene.approve(scene.second_central, "dikom", digest).status() == 200);
    CHECK(scene.url_of("dikom") == after);
}

TEST_CASE(
    "what is entered after the request is asked for anew, and the old digest is worth nothing") {
    office scene;
    scene.enter(scene.local, "lebus", other_server);
    REQUIRE(scene.activate(scene.local, "lebus").status() == 200);
    const auto digest = scene.digest(scene.central, "lebus");
    scene.enter(scene.local, "lebus", R"({"urls":["boese.example"]})");
    CHECK(scene.approve(scene.central, "lebus", digest).text("code") == "nothing_to_approve");
    REQUIRE(scene.activate(scene.local, "lebus").status() == 200);
    CHECK(scene.approve(scene.central, "lebus", digest).text("code") == "changed_since_shown");
    CHECK(scene.url_of("lebus") == before);
    REQUIRE(api(scene.idp, scene.central, method::delete_, "/members/lebus/set-up").status() ==
            200);
    CHECK(scene.idp.audited("directory.change_refused"));
}

TEST_CASE("an approval holds beside what was in force when it was shown") {
    office scene;
    scene.enter(scene.local, "lebus", other_server);
    REQUIRE(scene.activate(scene.local, "lebus").status() == 200);
    const auto digest = scene.digest(scene.central, "lebus");
    scene.idp.change_registry([](policies::registry& r) {
        r.members.at(member_slug("lebus")).directory.person_base = "ou=neu,dc=lebus,dc=example";
    });
    CHECK(scene.approve(scene.central, "lebus", digest).status() == 412);
    CHECK(scene.url_of("lebus") == before);
}

TEST_CASE("a password and the help contact are the member's own, at once") {
    office scene;
    scene.enter(
        scene.local, "lebus",
        R"({"transport":"ldaps","urls":["dc9.lebus.example"],"bind_dn":"cn=k,dc=lebus","bind_password":"Alt-geheim-1"})");
    REQUIRE(scene.activate(scene.local, "lebus").status() == 200);
    REQUIRE(scene.approve(scene.central, "lebus", scene.digest(scene.central, "lebus")).status() ==
            200);
    scene.enter(scene.local, "lebus",
                R"({"bind_password":"Neu-geheim-2","help_contact":"Telefon 1"})");
    const auto done = scene.activate(scene.local, "lebus");
    REQUIRE(done.status() == 200);
    CHECK_FALSE(done.json().at("waits").as_bool());
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->find_member(member_slug("lebus"))->help_contact == "Telefon 1");
}

TEST_CASE("every setting that says who people are waits for a second person, and no other") {
    using kommpass::directory_settings;
    directory_settings was;
    was.urls = {"ldaps://dc1.example:636"};
    const std::vector<std::function<void(directory_settings&)>> leads{
        [](auto& d) { d.vendor = directory_vendor::ds389; },
        [](auto& d) { d.urls = {"ldaps://dc2.example:636"}; },
        [](auto& d) { d.urls.push_back("ldaps://dc2.example:636"); },
        [](auto& d) { d.transport = directory_transport::starttls; },
        [](auto& d) { d.allow_plain_text = true; },
        [](auto& d) { d.ca_file = "/ca.pem"; },
        [](auto& d) { d.ca_certificate = "PEM"; },
        [](auto& d) { d.client_certificate_file = "/c.pem"; },
        [](auto& d) { d.bind_dn = "cn=x"; },
        [](auto& d) { d.person_base = "dc=x"; },
        [](auto& d) { d.person_filter = "(cn=*)"; },
        [](auto& d) { d.login_attributes = {"mail"}; },
        [](auto& d) { d.id_attribute = "uid"; },
        [](auto& d) { d.netbios_name = "X"; },
        [](auto& d) { d.tie_attributes = {"uid"}; },
        [](auto& d) { d.groups = group_model::posix_group; },
        [](auto& d) { d.member_of = true; },
        [](auto& d) { d.group_base = "dc=x"; },
        [](auto& d) { d.nesting_depth = 0; }};
    for (std::size_t i = 0; i < leads.size(); ++i) {
        CAPTURE(i);
        auto is = was;
        leads[i](is);
        CHECK(idp::admin::repoints(was, is));
    }
    auto harmless = was;
    harmless.bind_password_sealed = "x";
    harmless.deadline = std::chrono::milliseconds(1);
    harmless.poll_interval = std::chrono::seconds(1);
    harmless.lockout_threshold = 3;
    CHECK_FALSE(idp::admin::repoints(was, harmless));
}

TEST_CASE("a roll-back leads no directory elsewhere, except on the service's machine") {
    office scene;
    const auto old = scene.idp.parts().registry.get()->revision();
    scene.idp.change_registry([](policies::registry& r) {
        r.members.at(member_slug("lebus")).directory.person_base = "ou=neu,dc=lebus,dc=example";
    });
    const auto refused = api(
        scene.idp, scene.central, method::post, "/revisions/" + std::to_string(old) + "/rollback",
        R"({"why":"zurück"})", {{"if-match", "\"" + std::to_string(old + 1) + "\""}});
    CHECK(refused.status() == 403);
    CHECK(refused.text("code") == "directory_needs_approval");
    CHECK(refused.shows("lebus"));
    const auto base = [&] {
        const auto registry = scene.idp.parts().registry.get();
        return registry->find_member(member_slug("lebus"))->directory.person_base;
    };
    CHECK(base() == "ou=neu,dc=lebus,dc=example");
    // The same by its operator: recorded with who it was.
    idp::admin::operation_context at{scene.idp.operations()};
    const auto host = idp::admin::actor::of_host("host:root");
    boost::asio::io_context io;
    bool done = false;
    const auto back = [&]() -> boost::asio::awaitable<void> {
        std::string why = "zurück";
        const auto made = co_await idp::admin::roll_back(at, host, old, std::move(why), {});
        done = made.has_value();
    };
    boost::asio::co_spawn(io, back(), [](std::exception_ptr) {});
    io.run();
    CHECK(done);
    CHECK(base() == "ou=people,dc=lebus,dc=example");
    const auto log = scene.idp.audit();
    CHECK(log.back().record.detail_json.find("host:root") != std::string::npos);
}

TEST_CASE("a member that is made anew over people that are known needs a second person too") {
    office scene;
    scene.idp.change_registry(
        [](policies::registry& r) { r.members.at(member_slug("cottbus")).active = false; });
    const directory_id entry = scene.idp.directories.of("cottbus", "jan.kowal").who.id;
    REQUIRE(scene.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        (void)t.persons().ensure(member_slug("cottbus"), entry, person_id("P-jan"),
                                 scene.idp.time.now());
    }));
    scene.enter(scene.central, "cottbus", other_server);
    CHECK(scene.activate(scene.central, "cottbus").json().at("waits").as_bool());
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->find_active_member(member_slug("cottbus")) == nullptr);
    CHECK(
        scene
            .approve(scene.second_central, "cottbus", scene.digest(scene.second_central, "cottbus"))
            .status() == 200);
}
