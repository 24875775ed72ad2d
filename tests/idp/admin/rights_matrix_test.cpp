// Every operation of the API, for every role of `fed`, on the own and on a foreign member: made
// from the table of rights, so that a new operation cannot be forgotten.
#include "idp/admin/rights.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/api/call.hpp"
#include "idp/audit/events.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include <map>
#include <optional>

using namespace kommpass;
using namespace kommpass::tests;
using idp::admin::fed_role;
using idp::admin::operation;
using idp::http::method;

namespace {

// One request for an operation on a member; harmless if it is done, since each begins afresh.
struct trial {
    operation what;
    method how;
    std::string path;
    std::string body;
    bool of_member = true;  // false: the thing belongs to the association
};

struct stage {
    test_idp idp;
    std::map<std::string, std::string> person;  // of each member: somebody to act on
    std::map<std::string, std::string> grant;   // active, asked by another
    std::map<std::string, std::string> waiting;
    std::map<std::string, std::string> digest;  // of what waits

    stage() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        for (const auto* member : {"lebus", "cottbus"}) {
            const auto user = std::string("subject.") + member;
            idp.directories.add(member, user, "x").who.groups.clear();
            const auto id = std::string("P-") + member;
            const directory_id entry = idp.directories.of(member, user).who.id;
            const auto made = idp.parts().memory.write_now([&](idp::store::transaction& t) {
                (void)t.persons().ensure(member_slug(member), entry, person_id(id), idp.time.now());
            });
            REQUIRE(made.has_value());
            person[member] = id;
            grant[member] = std::string("g-active-") + member;
            waiting[member] = std::string("g-waiting-") + member;
        }
        idp.change_registry([&](policies::registry& r) {
            for (const auto* member : {"lebus", "cottbus"}) {
                policies::grant one;
                one.id = grant[member];
                one.member = member_slug(member);
                one.person = person_id(person[member]);
                one.role = role_name("groupware.postfach");
                one.reason = "Probe";
                one.asked_by = "P-somebody";
                r.grants.emplace(one.id, one);
                one.id = waiting[member];
                one.role = role_name("groupware.betrieb");
                one.state = policies::grant_state::requested;
                r.grants.emplace(one.id, one);
                policies::application operated;
                operated.key = application_key(std::string("of-") + member);
                operated.name.de = "Fachverfahren";
                operated.operated_by = member_slug(member);
                policies::client client;
                client.id = client_id(std::string("client-of-") + member);
                client.authentication = policies::client_authentication::none;
                client.redirect_uris = {"https://verfahren.example/"};
                operated.clients = {client};
                r.applications.emplace(operated.key, operated);
            }
        });
        const auto registry = idp.parts().registry.get();
        for (const auto& [member, id] : waiting) {
            const auto shown =
                kommpass::idp::admin::find_version(registry->documents(), "grants/" + id);
            digest[member] = shown->digest;
        }
    }

    // As somebody who looked at the newest revision before.
    answer attempt(const std::string& token, const trial& what) {
        const auto now = std::to_string(idp.parts().registry.get()->revision());
        return api(idp, token, what.how, what.path, what.body, {{"if-match", "\"" + now + "\""}});
    }

    std::vector<trial> trials(const std::string& member) const {
        const auto& who = person.at(member);
        const auto mapping = R"({"why":"Probe","mapping":{"id":"neu","member":")" + member +
                             R"(","group":"GG_X","roles":["dms.lesen"]}})";
        const auto for_whom = R"("member":")" + member + R"(","person":")" + who + R"(")";
        return {
            {operation::see_member, method::get, "/members/" + member, {}},
            {operation::see_person, method::get, "/persons/" + who, {}},
            {operation::end_sessions, method::post, "/persons/" + who + "/end-sessions",
             R"({"why":"Probe"})"},
            {operation::see_roles, method::post, "/members/" + member + "/role-matrix", {}},
            {operation::change_mapping, method::put, "/mappings/neu", mapping},
            {operation::request_grant, method::post, "/grants",
             "{" + for_whom + R"(,"role":"dms.bearbeiten","reason":"Probe"})"},
            {operation::approve_grant, method::post, "/grants/" + waiting.at(member) + "/approval",
             R"({"why":"Probe","digest":")" + digest.at(member) + "\"}"},
            {operation::end_grant,
             method::delete_,
             "/grants/" + grant.at(member) + "?why=Probe",
             {}},
            {operation::request_exception, method::post, "/exceptions",
             "{" + for_whom + R"(,"constraint":"akten","reason":"Probe","until":"2099-01-01"})"},
            {operation::start_campaign, method::post, "/campaigns",
             R"({"title":"Probe","due":"2099-01-01","members":[")" + member + R"("]})"},
            {operation::see_campaign, method::get, "/campaigns/none/items?member=" + member, {}},
            {operation::export_person, method::get, "/persons/" + who + "/personal-data", {}},
            {operation::test_directory, method::post, "/members/" + member + "/directory-test", {}},
            {operation::set_up_directory, method::put, "/members/" + member + "/set-up",
             R"({"transport":"ldaps","urls":["dc1.example"]})"},
            {operation::change_member, method::put, "/members/" + member,
             R"({"name":"Neuer Name","why":"Probe"})", false},
            {operation::change_member, method::post, "/members",
             R"({"slug":"neu","name":"Neu","why":"Probe"})", false},
            {operation::change_member,
             method::delete_,
             "/members/" + member + "?why=Probe",
             {},
             false},
            {operation::change_application, method::put, "/applications/dms/roles/dms.neu",
             R"({"role":{"title":"Neu"},"why":"Probe"})", false},
            // That there is an application everybody may know.
            {operation::change_client, method::put, "/applications/of-" + member + "/clients/neu",
             R"({"client":{"redirect_uris":["https://neu.example/"]},"why":"Probe"})", false},
            {operation::see_client_failures,
             method::get,
             "/applications/of-" + member + "/clients/client-of-" + member + "/failures",
             {}},
            {operation::rotate_keys, method::get, "/keys", {}, false},
            {operation::verify_audit, method::post, "/audit/verification", {}, false},
            {operation::erase_person, method::post, "/persons/" + who + "/erasure",
             R"({"why":"Probe"})"},
            {operation::handle_dead_letters, method::get, "/outbox/dead-letters", {}, false},
            {operation::search_audit, method::get, "/audit?purpose=Probe&member=" + member, {}},
            {operation::change_subscription, method::put,
             "/members/" + member + "/subscriptions/dms", R"({"why":"Probe"})", false},
            {operation::change_constraint, method::put, "/constraints/neu",
             R"({"why":"Probe","constraint":{"id":"neu","first":"dms.lesen","second":"dms.bearbeiten"}})",
             false},
            {operation::roll_back, method::post, "/revisions/1/rollback",
             R"({"why":"Probe","remove_members":["dikom"]})", false},
        };
    }
};

// What the table says.
bool allowed(operation what, fed_role role, bool own, bool central) {
    const auto& right = idp::admin::right_for(what);
    if ((right.roles & idp::admin::bit(role)) == 0) return false;
    switch (right.reach) {
        case idp::admin::reach::anywhere:
            return true;
        case idp::admin::reach::association:
            return central;
        case idp::admin::reach::member:
            return own || central;
    }
    return false;
}

bool was_done(const answer& got) {
    // A campaign that does not exist is found out only by whom may look.
    return got.status() < 300;
}

}  // namespace

TEST_CASE("each role may do what the table says, on its own member and on no other") {
    for (std::size_t i = 0; i < idp::admin::fed_roles; ++i) {
        const auto role = static_cast<fed_role>(i);
        const auto name = std::string(idp::admin::name_of(role)).substr(4);
        for (const auto* home : {"lebus", "dikom"}) {
            const bool central = std::string(home) == "dikom";
            for (const auto* target : {"lebus", "cottbus"}) {
                const bool own = std::string(home) == target;
                for (std::size_t n = 0; n < stage().trials(target).size(); ++n) {
                    stage scene;
                    add_administrator(scene.idp, home, "actor", {name.c_str()});
                    const auto token = api_token(scene.idp, home, "actor");
                    const auto trial = scene.trials(target)[n];
                    if (trial.what == operation::see_campaign) continue;  // reach_test
                    const auto got = scene.attempt(token, trial);
                    const auto should = allowed(trial.what, role, own, central);
                    CAPTURE(name);
                    CAPTURE(home);
                    CAPTURE(target);
                    CAPTURE(trial.path);
                    CAPTURE(got.body());
                    CHECK(was_done(got) == should);
                    if (!should) CHECK((got.status() == 404 || got.status() == 403));
                    // What is another member's does not exist, and the attempt is remembered.
                    if (!should && !own && !central && trial.of_member) {
                        CHECK(got.status() == 404);
                    }
                }
            }
        }
    }
}

TEST_CASE("a person without any role of fed gets nothing") {
    stage scene;
    add_administrator(scene.idp, "lebus", "nobody", {"nutzer"});
    const auto token = api_token(scene.idp, "lebus", "nobody");
    for (const auto& trial : scene.trials("lebus")) {
        const auto got = scene.attempt(token, trial);
        CAPTURE(trial.path);
        CHECK((got.status() == 404 || got.status() == 403));
    }
}
