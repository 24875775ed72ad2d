// Every operation of the API, called by an administrator of Lebus who holds every right there,
// with the things of Cottbus: refused, telling nothing, and changing nothing. Made from the table
// of operations, so that a new one cannot be forgotten.
#include "idp/admin/shown_document.hpp"
#include "idp/api/call.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

const member_slug cottbus("cottbus");
const person_id jan("P-jan");

struct attempt {
    std::string path;
    std::string body{};
    // The answer is the one for a thing that nobody has ever heard of. False where a new thing may
    // be made under a free name, or where the thing is no secret.
    bool as_if_unknown = true;
};

// What stands in every text of Cottbus's things, so that it is found wherever it comes out.
constexpr std::string_view marks[] = {"geheim", "Kowal", "jan.kowal"};

void put_documents(policies::registry& all) {
    policies::grant one;
    one.id = "g-jan";
    one.member = cottbus;
    one.person = jan;
    one.role = role_name("groupware.postfach");
    one.reason = "geheim";
    one.asked_by = "P-somebody";
    all.grants.emplace(one.id, one);
    one.id = "g-waiting";
    one.role = role_name("groupware.betrieb");
    one.state = policies::grant_state::requested;
    all.grants.emplace(one.id, one);
    policies::withdrawal gone;
    gone.id = "w-jan";
    gone.member = cottbus;
    gone.person = jan;
    gone.role = role_name("dms.lesen");
    gone.reason = "geheim";
    all.withdrawals.emplace(gone.id, gone);
    policies::constraint_exception except;
    except.id = "e-jan";
    except.constraint = "akten";
    except.member = cottbus;
    except.person = jan;
    except.reason = "geheim";
    except.until = parse_day("2099-01-01");
    except.state = policies::grant_state::requested;
    except.asked_by = "P-somebody";
    all.exceptions.emplace(except.id, except);
    auto waits = all.mappings.at("cottbus-alle");
    waits.id = "cottbus-wartet";
    waits.note = "geheim";
    waits.state = policies::grant_state::requested;
    waits.asked_by = "P-somebody";
    all.mappings.emplace(waits.id, waits);
    policies::application operated;
    operated.key = application_key("of-cottbus");
    operated.name.de = "Fachverfahren";
    operated.operated_by = cottbus;
    policies::client client;
    client.id = client_id("client-of-cottbus");
    client.authentication = policies::client_authentication::none;
    client.redirect_uris = {"https://verfahren.example/"};
    operated.clients = {client};
    all.applications.emplace(operated.key, operated);
}

class two_members {
public:
    test_idp idp;
    std::string token, campaign = "k-cottbus", job;
    long long item = 0, revision = 0;

    two_members() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(
            idp, "lebus", "admin",
            {"helpdesk", "mandantenadmin", "rollenverwaltung", "rollenfreigabe", "appbetrieb"});
        add_administrator(idp, "cottbus", "admin", {"mandantenadmin"});
        const directory_id entry = idp.directories.of("cottbus", "jan.kowal").who.id;
        write([&](idp::store::transaction& t) {
            (void)t.persons().ensure(cottbus, entry, jan, idp.time.now());
        });
        idp.change_registry(put_documents);
        revision = idp.parts().registry.get()->revision();
        const auto theirs = api_token(idp, "cottbus", "admin");
        job = api(idp, theirs, method::post, "/members/cottbus/role-matrix").text("id");
        put_runtime_things();
        token = api_token(idp, "lebus", "admin");
    }

    // All that belongs to Cottbus, and the log as far as it speaks of Cottbus.
    std::string state() {
        std::string all = policies::to_json(idp.parts().registry.get()->documents());
        write([&](idp::store::transaction& t) {
            for (const auto& one : t.persons().of_member(cottbus)) all += one.id.str() + "\n";
            for (const auto& one : t.sessions().of_person(jan)) all += one.id + "\n";
            const auto drafted = t.set_ups().find(cottbus);
            all += drafted ? drafted->document + drafted->changed_by : "no set-up";
            for (const auto& one : t.campaigns().all()) all += one.id + one.title + "\n";
            all += t.campaigns().item(item)->answer;
        });
        for (const auto& one : idp.audit()) {
            if (one.record.member == cottbus || one.record.person == jan)
                all += one.record.event + one.record.detail_json + "\n";
        }
        return all;
    }

private:
    void write(const std::function<void(idp::store::transaction&)>& work) {
        REQUIRE(idp.parts().memory.write_now(work).has_value());
    }
    void put_runtime_things() {
        write([&](idp::store::transaction& t) {
            idp::store::session one;
            one.id = "s-jan";
            one.secret_hash = "x";
            one.person = jan;
            one.member = cottbus;
            one.expires_at = idp.time.now() + std::chrono::hours(8);
            t.sessions().put(one);
            idp::store::campaign asked;
            asked.id = campaign;
            asked.title = "geheim";
            asked.started_by = "P-somebody";
            asked.due_at = idp.time.now() + std::chrono::hours(48);
            idp::store::campaign_item held;
            held.campaign = campaign;
            held.member = cottbus;
            held.person = jan;
            held.role = role_name("groupware.postfach");
            t.campaigns().put(asked, {held});
            item = t.campaigns().items(campaign, cottbus, 0, 1).front().number;
            policies::registry alone;
            alone.members.emplace(cottbus, *idp.parts().registry.get()->find_member(cottbus));
            alone.members.at(cottbus).help_contact = "geheim";
            t.set_ups().put({cottbus, policies::to_json(alone), {}, "P-somebody", idp.time.now()});
            idp::store::audit_record record;
            record.at = idp.time.now();
            record.event = "grant.ended";
            record.result = "ok";
            record.member = cottbus;
            record.person = jan;
            record.detail_json = R"({"why":"geheim"})";
            t.audit().append(record);
        });
    }
};

// By operation; without an entry it must stand in `names_nothing`.
std::map<std::string, std::vector<attempt>> attempts_on(const two_members& at) {
    const auto why = std::string(R"({"why":"Probe"})");
    // As if it had been shown: whose it is not is told the same by any digest.
    const std::string digest(43, 'A');
    const auto decided = R"({"why":"Probe","digest":")" + digest + "\"}";
    const auto job = "/jobs/" + at.job;
    const auto number = std::to_string(at.revision);
    const auto item = "/campaigns/" + at.campaign + "/items/" + std::to_string(at.item);
    const std::string client = "/applications/of-cottbus/clients/client-of-cottbus";
    return {
        {"showMember", {{"/members/cottbus"}}},
        {"createMember", {{"/members", R"({"slug":"neu","name":"x","why":"x"})", false}}},
        {"putMember", {{"/members/cottbus", R"({"name":"x","why":"x"})"}}},
        {"deleteMember", {{"/members/cottbus?why=x"}}},
        {"inviteMember", {{"/members/cottbus/invitation"}}},
        {"showSetUp", {{"/members/cottbus/set-up"}}},
        {"putSetUp",
         {{"/members/cottbus/set-up", R"({"transport":"ldaps","urls":["boese.example"]})"}}},
        {"deleteSetUp", {{"/members/cottbus/set-up"}}},
        {"lookAtCertificates", {{"/members/cottbus/set-up/certificates"}}},
        {"testSetUp", {{"/members/cottbus/set-up/test"}}},
        {"activateSetUp", {{"/members/cottbus/set-up/activation", why}}},
        {"approveSetUp", {{"/members/cottbus/set-up/approval", R"({"digest":"x"})"}}},
        {"beginPastAccess",
         {{"/members/cottbus/past-access",
           R"({"application":"dms","day":"2026-01-01","purpose":"neugierig"})"}}},
        {"putSubscription", {{"/members/cottbus/subscriptions/dms", why, false}}},
        {"deleteSubscription", {{"/members/cottbus/subscriptions/groupware?why=x", {}, false}}},
        {"beginRoleMatrix", {{"/members/cottbus/role-matrix"}}},
        {"testDirectory", {{"/members/cottbus/directory-test"}}},
        {"putRole",
         {{"/applications/of-cottbus/roles/of-cottbus.neu", R"({"role":{"title":"x"},"why":"x"})",
           false}}},
        {"deleteRole", {{"/applications/groupware/roles/groupware.postfach?why=x", {}, false}}},
        {"putClient",
         {{client, R"({"client":{"redirect_uris":["https://boese.example/"]},"why":"x"})", false},
          {"/applications/of-cottbus/clients/neu",
           R"({"client":{"redirect_uris":["https://boese.example/"]},"why":"x"})", false}}},
        {"deleteClient", {{client + "?why=x", {}, false}}},
        {"approveClient", {{client + "/approval", decided, false}}},
        {"makeClientSecret", {{client + "/secret", why, false}}},
        {"issueInitialAccessToken", {{"/applications/of-cottbus/registration-token", why, false}}},
        {"endOldSecret", {{client + "/old-secret?why=x", {}, false}}},
        {"listClientFailures", {{client + "/failures", {}, false}}},
        {"showClientClaims",
         {{client + "/claims", {}, false}, {client + "/claims?person=P-jan", {}, false}}},
        {"showMapping", {{"/mappings/cottbus-alle"}, {"/mappings/cottbus-wartet"}}},
        {"putMapping",
         {{"/mappings/cottbus-alle",
           R"({"why":"x","mapping":{"id":"cottbus-alle","member":"lebus","group":"A","roles":["dms.lesen"]}})",
           false},
          {"/mappings/neu",
           R"({"why":"x","mapping":{"id":"neu","member":"cottbus","group":"A","roles":["dms.lesen"]}})"},
          {"/mappings/neu",
           R"({"why":"x","mapping":{"id":"neu","group":"A","roles":["dms.lesen"]}})", false}}},
        {"deleteMapping", {{"/mappings/cottbus-alle?why=x"}}},
        {"approveMapping", {{"/mappings/cottbus-wartet/approval", decided}}},
        {"refuseMapping", {{"/mappings/cottbus-wartet/approval?why=x&digest=" + digest}}},
        {"simulateMapping",
         {{"/mappings/cottbus-alle/simulation"},
          {"/mappings/neu/simulation",
           R"({"mapping":{"id":"neu","member":"cottbus","group":"A","roles":["dms.lesen"]}})"}}},
        {"putConstraint",
         {{"/constraints/akten",
           R"({"why":"x","constraint":{"id":"akten","first":"dms.lesen","second":"dms.bearbeiten"}})",
           false}}},
        {"deleteConstraint", {{"/constraints/akten?why=x", {}, false}}},
        {"findPerson", {{"/persons", R"({"member":"cottbus","user_name":"jan.kowal"})"}}},
        {"showPerson", {{"/persons/P-jan"}}},
        {"explainPerson", {{"/persons/P-jan/explanation?application=dms"}}},
        {"showPersonalData", {{"/persons/P-jan/personal-data"}}},
        {"endSessions", {{"/persons/P-jan/end-sessions", why}}},
        {"erasePerson", {{"/persons/P-jan/erasure", why}}},
        {"endRole",
         {{"/persons/P-jan/role-end",
           R"({"member":"cottbus","role":"groupware.postfach","why":"geheim"})"},
          {"/persons/P-jan/role-end",
           R"({"member":"lebus","role":"groupware.postfach","why":"geheim"})"}}},
        {"requestGrant",
         {{"/grants",
           R"({"member":"cottbus","person":"P-jan","role":"dms.lesen","reason":"geheim"})"},
          {"/grants",
           R"({"member":"lebus","person":"P-jan","role":"dms.lesen","reason":"geheim"})"}}},
        {"approveGrant", {{"/grants/g-waiting/approval", decided}}},
        {"endGrant",
         {{"/grants/g-jan?why=geheim"}, {"/grants/g-waiting?why=geheim&digest=" + digest}}},
        {"agree",
         {{"/agreements",
           R"({"document":"grants/g-jan","target":"cottbus","agreed":true,"digest":")" + digest +
               R"("})"},
          {"/agreements",
           R"({"document":"grants/g-jan","target":"lebus","agreed":true,"digest":")" + digest +
               R"("})"},
          {"/agreements",
           R"({"document":"grants/g-jan","target":"lebus","agreed":false,"digest":")" + digest +
               R"("})"},
          {"/agreements",
           R"({"document":"mappings/cottbus-alle","target":"cottbus","agreed":false,"digest":")" +
               digest + R"("})"}}},
        {"requestException",
         {{"/exceptions",
           R"({"constraint":"akten","member":"cottbus","person":"P-jan","reason":"geheim","until":"2099-01-01"})"},
          {"/exceptions",
           R"({"constraint":"akten","member":"lebus","person":"P-jan","reason":"geheim","until":"2099-01-01"})"}}},
        {"approveException", {{"/exceptions/e-jan/approval", decided}}},
        {"endException",
         {{"/exceptions/e-jan?why=x"}, {"/exceptions/e-jan?why=x&digest=" + digest}}},
        {"startCampaign",
         {{"/campaigns", R"({"title":"x","due":"2099-01-01","members":["cottbus"]})"},
          {"/campaigns", R"({"title":"x","due":"2099-01-01","members":["lebus","cottbus"]})"}}},
        {"listCampaignItems",
         {{"/campaigns/" + at.campaign + "/items?member=cottbus"},
          {"/campaigns/" + at.campaign + "/items?member=lebus"}}},
        {"answerCampaignItem",
         {{item, R"({"answer":"end","digest":")" + digest + "\"}"},
          {item, R"({"answer":"confirm","digest":")" + digest + "\"}"}}},
        {"showRevision", {{"/revisions/" + number}}},
        {"rollBack", {{"/revisions/" + number + "/rollback", why, false}}},
        {"searchAudit",
         {{"/audit?purpose=neugierig&member=cottbus"},
          {"/audit?purpose=neugierig&person=P-jan"},
          {"/audit?purpose=neugierig&member=lebus&person=P-jan"}}},
        {"verifyAudit", {{"/audit/verification", {}, false}}},
        {"listDeadLetters", {{"/outbox/dead-letters", {}, false}}},
        {"retryDeadLetter", {{"/outbox/dead-letters/1/retry", {}, false}}},
        {"discardDeadLetter", {{"/outbox/dead-letters/1?why=x", {}, false}}},
        {"rotateKeys", {{"/keys/rotation", {}, false}}},
        {"listKeys", {{"/keys", {}, false}}},
        {"showJob", {{job}}},
        {"cancelJob", {{job}}},
    };
}

// These name no thing of anybody; what they list is looked through below.
const std::set<std::string_view> names_nothing{
    "showMe",        "showOverview", "listMembers",   "listApplications", "showApplication",
    "listMappings",  "listGrants",   "listCampaigns", "listConstraints",  "listAgreements",
    "listRevisions", "showUsage",    "showProcessing"};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

// The same question about things that are not there.
std::string about_nothing(const two_members& at, std::string text) {
    const std::pair<std::string, std::string> names[] = {
        {"/items/" + std::to_string(at.item), "/items/999999"},
        {"/revisions/" + std::to_string(at.revision), "/revisions/999999"},
        {at.job, "nojob"},
        {"P-jan", "P-nobody"},
        {"g-jan", "g-none"},
        {"g-waiting", "g-none"},
        {"e-jan", "e-none"},
        {at.campaign, "k-none"},
        {"cottbus-alle", "none-alle"},
        {"cottbus-wartet", "none-wartet"},
        {"cottbus", "nirgends"}};
    for (const auto& [from, to] : names) text = replaced(std::move(text), from, to);
    return text;
}

// What was told, without what the question itself said and what differs each time.
std::string told(const answer& got) {
    auto object = got.json();
    for (const auto* name : {"request_id", "instance", "request"}) object.erase(name);
    return boost::json::serialize(object);
}

void try_one(two_members& scene, const idp::api::endpoint& what, const attempt& one) {
    CAPTURE(what.id);
    CAPTURE(one.path);
    CAPTURE(one.body);
    const auto before = scene.state();
    const auto got = api(scene.idp, scene.token, what.method, one.path, one.body);
    CAPTURE(got.body());
    const bool refused = got.status() == 403 || got.status() == 404;
    // Somebody unknown in a field of the body is a mistake in that field.
    CHECK((refused || (one.as_if_unknown && got.status() == 422)));
    for (const auto& mark : marks) CHECK_FALSE(got.shows(mark));
    CHECK(scene.state() == before);
    if (!one.as_if_unknown) return;
    const auto nothing = api(scene.idp, scene.token, what.method, about_nothing(scene, one.path),
                             about_nothing(scene, one.body));
    CHECK(got.status() == nothing.status());
    CHECK(about_nothing(scene, told(got)) == about_nothing(scene, told(nothing)));
}

}  // namespace

TEST_CASE("no operation reaches another member's things, and none can be forgotten here") {
    two_members scene;
    const auto all = attempts_on(scene);
    for (const auto& one : idp::api::endpoints()) {
        const std::string id(one.id);
        CAPTURE(id);
        const auto found = all.find(id);
        CHECK((found != all.end() || names_nothing.contains(id)));
        if (found == all.end()) continue;
        for (const auto& attempt : found->second) try_one(scene, one, attempt);
    }
    CHECK(scene.idp.parts().registry.get()->revision() == scene.revision);
}

TEST_CASE("no list tells of another member") {
    two_members scene;
    for (const auto* path :
         {"/me", "/overview", "/members", "/mappings", "/grants", "/grants?member=cottbus",
          "/mappings?member=cottbus", "/campaigns", "/revisions", "/usage?month=2026-10",
          "/processing", "/constraints", "/audit?purpose=neugierig"}) {
        CAPTURE(path);
        const auto got = api(scene.idp, scene.token, method::get, path);
        CAPTURE(got.body());
        CHECK(got.status() == 200);
        for (const auto& mark : marks) CHECK_FALSE(got.shows(mark));
    }
}
