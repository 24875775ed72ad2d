// Every operation of the API, called by an administrator of Lebus who holds every right there,
// with the things of Cottbus: refused, telling nothing, and changing nothing. Made from the table
// of operations, so that a new one cannot be forgotten.
#include "idp/api/call.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"
#include "tests/support/two_members.hpp"

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

struct attempt {
    std::string path;
    std::string body{};
    // The answer is the one for a thing that nobody has ever heard of. False where a new thing may
    // be made under a free name, or where the thing is no secret.
    bool as_if_unknown = true;
};

struct at_api : two_members {
    std::string token = api_token(idp, "lebus", "admin");
};

// By operation; without an entry it must stand in `names_nothing`.
std::map<std::string, std::vector<attempt>> attempts_on(const at_api& at) {
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
std::string about_nothing(const at_api& at, std::string text) {
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

void try_one(at_api& scene, const idp::api::endpoint& what, const attempt& one) {
    CAPTURE(what.id);
    CAPTURE(one.path);
    CAPTURE(one.body);
    const auto before = scene.state();
    const auto got = api(scene.idp, scene.token, what.method, one.path, one.body);
    CAPTURE(got.body());
    const bool refused = got.status() == 403 || got.status() == 404;
    // Somebody unknown in a field of the body is a mistake in that field.
    CHECK((refused || (one.as_if_unknown && got.status() == 422)));
    for (const auto& mark : marks_of_cottbus) CHECK_FALSE(got.shows(mark));
    CHECK(scene.state() == before);
    if (!one.as_if_unknown) return;
    const auto nothing = api(scene.idp, scene.token, what.method, about_nothing(scene, one.path),
                             about_nothing(scene, one.body));
    CHECK(got.status() == nothing.status());
    CHECK(about_nothing(scene, told(got)) == about_nothing(scene, told(nothing)));
}

}  // namespace

TEST_CASE("no operation reaches another member's things, and none can be forgotten here") {
    at_api scene;
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
    at_api scene;
    for (const auto* path :
         {"/me", "/overview", "/members", "/mappings", "/grants", "/grants?member=cottbus",
          "/mappings?member=cottbus", "/campaigns", "/revisions", "/usage?month=2026-10",
          "/processing", "/constraints", "/audit?purpose=neugierig"}) {
        CAPTURE(path);
        const auto got = api(scene.idp, scene.token, method::get, path);
        CAPTURE(got.body());
        CHECK(got.status() == 200);
        for (const auto& mark : marks_of_cottbus) CHECK_FALSE(got.shows(mark));
    }
}
