// Every page and form of the console, called by an administrator of Lebus with the things of
// Cottbus: it tells nothing of them, and changes nothing.
#include "idp/console/console_endpoint.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

const member_slug cottbus("cottbus");
const person_id jan("P-jan");

class two_members {
public:
    test_idp idp;
    std::string csrf, job;
    long long item = 0, revision = 0;

    two_members() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(
            idp, "lebus", "admin",
            {"helpdesk", "mandantenadmin", "rollenverwaltung", "rollenfreigabe", "appbetrieb"});
        add_administrator(idp, "cottbus", "admin", {"mandantenadmin"});
        put_things();
        const auto theirs = api_token(idp, "cottbus", "admin");
        job = api(idp, theirs, idp::http::method::post, "/members/cottbus/role-matrix").text("id");
        enter();
    }

    answer get(std::string address) {
        const std::string issuer = "https://idp.example";
        if (address.starts_with(issuer)) address.erase(0, issuer.size());
        const auto question = address.find('?');
        fields query;
        if (question != std::string::npos)
            query = idp::http::form::parse(address.substr(question + 1))->all();
        return idp.get(address.substr(0, question), query);
    }
    answer post(const std::string& path, fields form) {
        form.emplace_back("csrf", csrf);
        return idp.post("/console" + path, form);
    }
    std::string state() {
        std::string all = policies::to_json(idp.parts().registry.get()->documents());
        write([&](idp::store::transaction& t) {
            all += t.campaigns().item(item)->answer;
            for (const auto& one : t.persons().of_member(cottbus)) all += one.id.str();
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
    void put_things() {
        const directory_id entry = idp.directories.of("cottbus", "jan.kowal").who.id;
        write([&](idp::store::transaction& t) {
            (void)t.persons().ensure(cottbus, entry, jan, idp.time.now());
            idp::store::campaign asked;
            asked.id = "k-cottbus";
            asked.title = "geheim";
            asked.due_at = idp.time.now() + std::chrono::hours(48);
            idp::store::campaign_item held;
            held.campaign = asked.id;
            held.member = cottbus;
            held.person = jan;
            held.role = role_name("groupware.postfach");
            t.campaigns().put(asked, {held});
            item = t.campaigns().items(asked.id, cottbus, 0, 1).front().number;
        });
        idp.change_registry(
            [](policies::registry& all) {
                policies::grant one;
                one.id = "g-jan";
                one.member = cottbus;
                one.person = jan;
                one.role = role_name("groupware.postfach");
                one.reason = "geheim";
                all.grants.emplace(one.id, one);
                one.id = "g-waiting";
                one.state = policies::grant_state::requested;
                all.grants.emplace(one.id, one);
                all.mappings.at("cottbus-alle").note = "geheim";
                policies::application operated;
                operated.key = application_key("cottbuser-verfahren");
                operated.name.de = "Cottbuser Verfahren";
                operated.operated_by = cottbus;
                operated.roles = {{role_name("cottbuser-verfahren.nutzen"), {"Nutzen", {}}, {}}};
                policies::client client;
                client.id = client_id("cottbuser-web");
                client.purpose = "Fachverfahren";
                client.authentication = policies::client_authentication::none;
                client.redirect_uris = {"https://cottbuser-web.example/"};
                operated.clients = {client};
                all.applications.emplace(operated.key, operated);
            },
            "geheim");
        revision = idp.parts().registry.get()->revision();
    }
    void enter() {
        idp.forget_cookies();
        const auto page = get(get("/console").location());
        const auto redirect = idp.fill_in(page, "admin", "Verwaltung-1", "lebus");
        const auto entered = get(redirect.location());
        REQUIRE(entered.status() == 303);
        csrf = get(entered.location()).hidden("csrf");
        REQUIRE_FALSE(csrf.empty());
    }
};

void tells_nothing(const answer& got) {
    for (const auto* mark : {"geheim", "Kowal", "jan.kowal"}) {
        CAPTURE(std::string(mark));
        CHECK_FALSE(got.shows(mark));
    }
}

// What of Cottbus stands in an address behind each word. A new kind of thing has to say it here.
std::string theirs_behind(const std::string& word, const two_members& scene) {
    static const std::map<std::string, std::string> things{{"members", "cottbus"},
                                                           {"applications", "cottbuser-verfahren"},
                                                           {"clients", "cottbuser-web"},
                                                           {"roles", "cottbuser-verfahren.nutzen"},
                                                           {"mappings", "cottbus-alle"},
                                                           {"persons", "P-jan"},
                                                           {"campaigns", "k-cottbus"},
                                                           {"approvals", "grant"},
                                                           {"P-jan", "grant"}};
    if (word == "revisions") return std::to_string(scene.revision);
    if (word == "jobs") return scene.job;
    const auto found = things.find(word);
    if (found == things.end()) FAIL("what of Cottbus stands behind \"" << word << "\"?");
    return found->second;
}

// "members/*/set-up" with their things in it: "/members/cottbus/set-up".
std::string theirs_at(std::string_view pattern, const two_members& scene) {
    std::string path;
    std::string before;
    while (!pattern.empty()) {
        const auto end = std::min(pattern.find('/'), pattern.size());
        std::string segment(pattern.substr(0, end));
        if (segment == "*") segment = theirs_behind(before, scene);
        path += "/" + segment;
        before = segment;
        pattern.remove_prefix(std::min(end + 1, pattern.size()));
    }
    return path;
}

std::vector<std::string_view> addresses_of(idp::http::method method) {
    std::vector<std::string_view> all;
    for (const auto& one : idp::console::addresses()) {
        if (one.method == method) all.push_back(one.pattern);
    }
    return all;
}

}  // namespace

TEST_CASE("no page shows another member's things") {
    two_members scene;
    const std::vector<std::string> questions{
        "", "?job=" + scene.job, "?member=cottbus", "?member=lebus",
        "?step=5&member=cottbus&person=P-jan&application=cottbuser-verfahren&purpose=x"};
    // Which applications there are, with their roles and clients, every administrator may know.
    const std::set<std::string_view> everybodys{"applications/*", "applications/*/roles/*",
                                                "applications/*/clients/*"};
    const auto before = scene.state();
    for (const auto pattern : addresses_of(idp::http::method::get)) {
        for (const auto& question : questions) {
            const auto path = theirs_at(pattern, scene) + question;
            CAPTURE(path);
            const auto got = scene.get("/console" + path);
            const bool is_theirs = pattern.find('*') != pattern.npos;
            if (is_theirs && !everybodys.contains(pattern))
                CHECK((got.status() == 404 || got.status() == 403));
            tells_nothing(got);
        }
    }
    for (const auto& path :
         {"/jobs/" + scene.job + ".json", std::string("/mappings/preview?job=") + scene.job,
          std::string("/mappings/new?member=cottbus")})
        tells_nothing(scene.get("/console" + path));
    CHECK(scene.state() == before);
}

TEST_CASE("the pages of everybody open for an administrator of one member") {
    two_members scene;
    for (const auto* path :
         {"", "/mappings", "/approvals", "/campaigns", "/revisions", "/persons", "/roles", "/usage",
          "/processing", "/applications", "/audit", "/past", "/mappings/new?member=cottbus"}) {
        CAPTURE(std::string(path));
        CHECK(scene.get("/console" + std::string(path)).status() == 200);
    }
}

TEST_CASE("no address that takes a form does anything with another member's things") {
    two_members scene;
    const auto before = scene.state();
    for (const auto pattern : addresses_of(idp::http::method::post)) {
        if (pattern == "language") continue;  // the visitor's own
        for (const auto* action : {"", "approve", "refuse", "activate", "remove", "book", "end",
                                   "preview", "save", "rotate"}) {
            const auto path = theirs_at(pattern, scene);
            CAPTURE(path);
            CAPTURE(std::string(action));
            const auto got = scene.post(path, {{"action", action},
                                               {"member", "cottbus"},
                                               {"person", "P-jan"},
                                               {"id", "g-jan"},
                                               {"document", "grants/g-jan"},
                                               {"target", "cottbus"},
                                               {"agreed", "yes"},
                                               {"number", std::to_string(scene.item)},
                                               {"answer", "end"},
                                               {"job", scene.job},
                                               {"role", "groupware.postfach"},
                                               {"application", "cottbuser-verfahren"},
                                               {"group", "A"},
                                               {"title", "x"},
                                               {"due", "2099-01-01"},
                                               {"day", "2026-01-01"},
                                               {"until", "2099-01-01"},
                                               {"constraint", "akten"},
                                               {"why", "x"},
                                               {"reason", "x"},
                                               {"purpose", "neugierig"},
                                               {"slug", "neu"},
                                               {"name", "Neu"},
                                               {"expected", std::to_string(scene.revision)}});
            CHECK(got.status() != 303);
            tells_nothing(got);
            CHECK(scene.state() == before);
        }
    }
}

TEST_CASE("no form reaches another member's things, or tells of them when it is refused") {
    two_members scene;
    const auto number = std::to_string(scene.item);
    const std::vector<std::pair<std::string, fields>> forms{
        {"/persons/P-jan/grant", {{"role", "dms.lesen"}, {"reason", "x"}}},
        {"/persons/P-jan/exception",
         {{"constraint", "akten"}, {"reason", "x"}, {"until", "2099-01-01"}}},
        {"/persons/P-jan/end-role", {{"role", "groupware.postfach"}, {"why", "x"}}},
        {"/persons/P-jan/end-sessions", {{"why", "x"}}},
        {"/persons/find", {{"member", "cottbus"}, {"user_name", "jan.kowal"}}},
        {"/approvals/grant", {{"id", "g-waiting"}, {"action", "approve"}, {"why", "x"}}},
        {"/approvals/grant", {{"id", "g-jan"}, {"action", "refuse"}, {"why", "x"}}},
        {"/approvals/end", {{"id", "g-jan"}, {"why", "x"}, {"back", "/console/persons/P-jan"}}},
        {"/approvals/agree",
         {{"document", "grants/g-jan"}, {"target", "cottbus"}, {"agreed", "yes"}}},
        {"/approvals/agree",
         {{"document", "mappings/cottbus-alle"}, {"target", "lebus"}, {"agreed", "no"}}},
        {"/campaigns/answer", {{"number", number}, {"answer", "end"}}},
        {"/campaigns", {{"title", "x"}, {"due", "2099-01-01"}, {"member", "cottbus"}}},
        {"/mappings/preview",
         {{"id", "cottbus-alle"},
          {"member", "lebus"},
          {"group", "A"},
          {"role", "dms.lesen"},
          {"why", "x"},
          {"action", "activate"}}},
        {"/mappings/preview",
         {{"id", "cottbus-alle"}, {"member", "lebus"}, {"why", "x"}, {"action", "remove"}}},
        {"/mappings/preview",
         {{"id", "cottbus-alle"},
          {"member", "cottbus"},
          {"why", "x"},
          {"action", "preview-removal"}}},
        {"/mappings/preview",
         {{"id", "neu"},
          {"member", "cottbus"},
          {"group", "A"},
          {"role", "dms.lesen"},
          {"why", "x"},
          {"action", "preview"}}},
        {"/members/cottbus/set-up",
         {{"step", "1"}, {"urls", "boese.example"}, {"transport", "ldaps"}}},
        {"/members/cottbus/set-up", {{"step", "5"}, {"action", "activate"}}},
        {"/members/cottbus/set-up", {{"step", "0"}, {"action", "give-up"}}},
        {"/members/cottbus/set-up", {{"step", "2"}, {"action", "fetch"}}},
        {"/members/cottbus/directory-test", {}},
        {"/members/cottbus/invitation", {}},
        {"/members/cottbus/leaves", {{"why", "x"}}},
        {"/applications/groupware/registration-token", {}},
        {"/subscriptions", {{"member", "cottbus"}, {"application", "dms"}, {"action", "book"}}},
        {"/roles", {{"member", "cottbus"}}},
        {"/past",
         {{"member", "cottbus"},
          {"application", "groupware"},
          {"day", "2026-01-01"},
          {"purpose", "neugierig"}}},
        {"/audit", {{"member", "cottbus"}, {"purpose", "neugierig"}}},
        {"/audit", {{"person", "P-jan"}, {"purpose", "neugierig"}}},
        {"/jobs/cancel", {{"job", scene.job}}},
        {"/revisions/" + std::to_string(scene.revision) + "/rollback", {{"why", "x"}}}};
    const auto before = scene.state();
    for (const auto& [path, form] : forms) {
        CAPTURE(std::string(path));
        const auto got = scene.post(path, form);
        CAPTURE(got.location());
        // Never on to the next page, which would say that it was done.
        CHECK(got.status() != 303);
        // What was typed may stand in its field again.
        if (path != "/persons/find") tells_nothing(got);
        CHECK(scene.state() == before);
    }
}
