// Every page and form of the console, called by an administrator of Lebus with the things of
// Cottbus: it tells nothing of them, and changes nothing.
#include "idp/console/console_endpoint.hpp"
#include "idp/http/request.hpp"
#include "tests/idp/console/at_console.hpp"
#include "tests/support/two_members.hpp"

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

class visited_console : public two_members {
public:
    std::string csrf;

    visited_console() { enter(); }

    answer get(const std::string& address) { return visit(idp, address); }
    answer post(const std::string& path, fields form) {
        form.emplace_back("csrf", csrf);
        return idp.post("/console" + path, form);
    }

private:
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
    for (const auto mark : marks_of_cottbus) {
        CAPTURE(std::string(mark));
        CHECK_FALSE(got.shows(mark));
    }
}

// What of Cottbus stands in an address behind each word. A new kind of thing has to say it here.
std::string theirs_behind(const std::string& word, const visited_console& scene) {
    static const std::map<std::string, std::string> things{{"members", "cottbus"},
                                                           {"applications", "of-cottbus"},
                                                           {"clients", "client-of-cottbus"},
                                                           {"roles", "of-cottbus.nutzen"},
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
std::string theirs_at(std::string_view pattern, const visited_console& scene) {
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
    visited_console scene;
    const std::vector<std::string> questions{
        "", "?job=" + scene.job, "?member=cottbus", "?member=lebus",
        "?step=5&member=cottbus&person=P-jan&application=of-cottbus&purpose=x"};
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
    visited_console scene;
    for (const auto* path :
         {"", "/mappings", "/approvals", "/campaigns", "/revisions", "/persons", "/roles", "/usage",
          "/processing", "/applications", "/audit", "/past", "/mappings/new?member=cottbus"}) {
        CAPTURE(std::string(path));
        CHECK(scene.get("/console" + std::string(path)).status() == 200);
    }
}

TEST_CASE("no address that takes a form does anything with another member's things") {
    visited_console scene;
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
                                               {"application", "of-cottbus"},
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
    visited_console scene;
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
    for (const auto& sent : forms) {
        const auto& [path, form] = sent;
        CAPTURE(sent.first);
        const auto got = scene.post(path, form);
        CAPTURE(got.location());
        // Never on to the next page, which would say that it was done.
        CHECK(got.status() != 303);
        // What was typed may stand in its field again.
        if (path != "/persons/find") tells_nothing(got);
        CHECK(scene.state() == before);
    }
}
