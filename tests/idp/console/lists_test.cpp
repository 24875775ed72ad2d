// Long lists come in pages, and a booking ends with its consequences known.
#include "idp/service/shared_parts.hpp"
#include "tests/idp/console/at_console.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

struct association_console : at_console {
    association_console() : at_console("dikom", {"zentraladmin"}) {}
};

// The address behind "Weitere", of which a page has one at most here; empty: none.
std::string way_on(const answer& page, const std::string& path) {
    const auto at = page.body().find("href=\"/console" + path + "?");
    if (at == std::string::npos) return {};
    const auto begin = at + 6;
    auto address = page.body().substr(begin, page.body().find('"', begin) - begin);
    for (auto amp = address.find("&amp;"); amp != std::string::npos; amp = address.find("&amp;"))
        address.erase(amp + 1, 4);
    return address.substr(std::string("/console").size());
}

std::set<std::string> links_to(const answer& page, const std::string& start) {
    std::set<std::string> found;
    const auto& body = page.body();
    const auto wanted = "href=\"" + start;
    for (auto at = body.find(wanted); at != std::string::npos; at = body.find(wanted, at + 1)) {
        const auto begin = at + wanted.size();
        found.insert(body.substr(begin, body.find('"', begin) - begin));
    }
    std::erase_if(found, [](const auto& one) { return one.starts_with("new"); });
    return found;
}

// Goes on as long as there is a way on; how many rows there were, each counted once a page.
std::size_t walk(association_console& scene, const std::string& path, const std::string& row,
                 std::set<std::string>& seen) {
    std::size_t told = 0;
    auto next = path;
    for (int pages = 0; !next.empty() && pages < 200; ++pages) {
        const auto page = scene.get(next);
        REQUIRE(page.status() == 200);
        CHECK(page.body().size() < 150'000);
        const auto rows = links_to(page, row);
        told += rows.size();
        seen.insert(rows.begin(), rows.end());
        next = way_on(page, path);
    }
    return told;
}

void add_rules(test_idp& idp, int count) {
    idp.change_registry([&](policies::registry& r) {
        for (int i = 0; i < count; ++i) {
            policies::mapping one;
            one.id = "regel-" + std::to_string(10000 + i);
            one.member = member_slug("lebus");
            one.group = "GG_" + std::to_string(i);
            one.roles = {role_name("dms.lesen")};
            r.mappings.emplace(one.id, one);
        }
    });
}

}  // namespace

TEST_CASE("five thousand mappings are told in pages, each once, also at their member") {
    association_console scene;
    add_rules(scene.idp, 5000);
    const auto all = scene.idp.parts().registry.get()->documents().mappings.size();
    std::set<std::string> seen;
    const auto told = walk(scene, "/mappings", "/console/mappings/", seen);
    CHECK(told == all);
    CHECK(seen.size() == all);
    std::set<std::string> of_lebus;
    const auto told_of_lebus = walk(scene, "/members/lebus", "/console/mappings/", of_lebus);
    CHECK(told_of_lebus == of_lebus.size());
    CHECK(of_lebus.size() > 5000);
}

TEST_CASE("a page begins behind a key: what goes meanwhile hides nothing") {
    association_console scene;
    add_rules(scene.idp, 250);
    const auto first = scene.get("/mappings");
    const auto next = way_on(first, "/mappings");
    REQUIRE_FALSE(next.empty());
    const auto on_first = links_to(first, "/console/mappings/");
    scene.idp.change_registry([&](policies::registry& r) {
        for (const auto& one : on_first) {
            if (one.starts_with("regel-")) r.mappings.erase(one);
        }
    });
    const auto second = links_to(scene.get(next), "/console/mappings/");
    CHECK(second.size() == 100);
    CHECK(second.contains("regel-" + std::to_string(std::stoi(on_first.rbegin()->substr(6)) + 1)));
}

TEST_CASE("roles, clients and requests that wait are told in pages as well") {
    association_console scene;
    scene.idp.change_registry([&](policies::registry& r) {
        auto& dms = r.applications.at(application_key("dms"));
        for (int i = 0; i < 350; ++i) {
            policies::role role;
            role.name = role_name("dms.rolle-" + std::to_string(1000 + i));
            role.title.de = "Rolle";
            dms.roles.push_back(role);
        }
        for (int i = 0; i < 250; ++i) {
            policies::grant one;
            one.id = "g-" + std::to_string(10000 + i);
            one.member = member_slug("lebus");
            one.person = person_id("P-" + std::to_string(i));
            one.role = role_name("dms.lesen");
            one.reason = "Probe";
            one.state = policies::grant_state::requested;
            one.asked_by = "P-9";
            r.grants.emplace(one.id, one);
        }
    });
    std::set<std::string> roles;
    CHECK(walk(scene, "/applications/dms", "/console/applications/dms/roles/", roles) == 352);
    CHECK(roles.size() == 352);
    std::set<std::string> persons;
    CHECK(walk(scene, "/approvals", "/console/persons/", persons) == 250);
    CHECK(persons.size() == 250);
}

TEST_CASE("before a booking ends it is shown who loses what, and it needs a reason") {
    association_console scene;
    const auto booked = [&] {
        return scene.idp.parts().registry.get()->is_subscribed(member_slug("lebus"),
                                                               application_key("groupware"));
    };
    const fields booking{{"member", "lebus"}, {"application", "groupware"}};
    auto asked = booking;
    asked.emplace_back("action", "preview-end");
    const auto begun = scene.post("/subscriptions", asked);
    REQUIRE(begun.status() == 303);
    const auto shown = visit(scene.idp, visit(scene.idp, begun.location()).location());
    REQUIRE(shown.status() == 200);
    CHECK(shown.shows("Anna Noack"));
    CHECK(shown.shows("groupware.postfach"));
    CHECK(booked());

    auto without_reason = booking;
    without_reason.emplace_back("action", "end");
    without_reason.emplace_back("job", shown.hidden("job"));
    const auto refused = scene.post("/subscriptions", without_reason);
    CHECK(refused.status() == 422);
    CHECK(refused.shows("Anna Noack"));
    CHECK(booked());

    auto with_reason = without_reason;
    with_reason.emplace_back("why", "Kündigung zum Jahresende");
    CHECK(scene.post("/subscriptions", with_reason).status() == 303);
    CHECK_FALSE(booked());
    CHECK(scene.post("/subscriptions", with_reason).status() == 303);  // pressed twice
}

TEST_CASE("a booking ends with a silent directory too, and it is said that nobody could be asked") {
    association_console scene;
    scene.idp.directories.set_reachable("lebus", false);
    const auto begun =
        scene.post("/subscriptions",
                   {{"member", "lebus"}, {"application", "groupware"}, {"action", "preview-end"}});
    const auto shown = visit(scene.idp, visit(scene.idp, begun.location()).location());
    CHECK(shown.status() == 200);
    CHECK(shown.shows("ist gerade nicht zu erfahren"));
}

TEST_CASE("the matrix tells people names, and machines ids") {
    association_console scene;
    const auto begun = scene.post("/roles", {{"member", "lebus"}});
    const auto job = begun.location();
    const auto matrix = visit(scene.idp, visit(scene.idp, job).location());
    CHECK(matrix.shows("Anna Noack"));
    const auto file = visit(scene.idp, "/console/roles.csv?job=" + job.substr(job.rfind('/') + 1));
    CHECK(file.body().starts_with("person,person_id,login_name,role,title,scope,reason\r\n"));
}

TEST_CASE("who has left is headed so, and who cannot be asked about is not called a leaver") {
    association_console scene;
    const auto address = scene.find("anna.noack");
    const auto id = address.substr(address.rfind('/') + 1);
    const auto heading = [&] {
        const auto body = visit(scene.idp, address).body();
        const auto begin = body.find('>', body.find("<h1")) + 1;
        return body.substr(begin, body.find("</h1>") - begin);
    };
    CHECK(heading() == "Anna Noack");

    scene.idp.directories.set_reachable("lebus", false);
    CHECK(heading() == "Person ohne Namen, solange das Verzeichnis nicht antwortet");

    scene.idp.directories.set_reachable("lebus", true);
    scene.idp.directories.remove("lebus", "anna.noack");
    CHECK(heading() == "Ausgeschiedene Person");
    // The id stands beside it, for whoever reports or searches by it.
    CHECK(visit(scene.idp, address).body().find(id) != std::string::npos);
}
