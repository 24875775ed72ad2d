// Who sees what of the registry, at the API and in the console: the association, its auditor, a
// member's administrator and help desk, an auditor of one member, the operator of an application.
// One table for all, so that no face and no kind of document has an answer of its own.
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/console/at_console.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>

#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;
using names = std::set<std::string>;

namespace {

struct looker {
    const char* home;
    const char* role;
    names members;           // that they see
    bool rules = true;       // of those members, and everybody's
    bool everybody = false;  // decides for everybody
};

const looker everyone[] = {
    {"dikom", "zentraladmin", {"cottbus", "dikom", "lebus"}, true, true},
    {"dikom", "pruefung", {"cottbus", "dikom", "lebus"}, true, true},
    {"lebus", "mandantenadmin", {"lebus"}},
    {"lebus", "rollenfreigabe", {"lebus"}},
    {"lebus", "pruefung", {"lebus"}},
    {"lebus", "helpdesk", {"lebus"}, false},
    {"lebus", "appbetrieb", {}, false},
};

person_id person_of(const std::string& member) { return person_id("P-" + member); }

// A thing of every kind for each of two members, and a rule for everybody's people.
void put_things(policies::registry& all) {
    for (const auto* slug : {"lebus", "cottbus"}) {
        const std::string of(slug);
        policies::grant given;
        given.id = "grant-" + of;
        given.member = member_slug(of);
        given.person = person_of(of);
        given.role = role_name("groupware.postfach");
        given.reason = "Vertretung";
        given.asked_by = "P-somebody";
        given.state = policies::grant_state::requested;
        all.grants.emplace(given.id, given);
        policies::constraint_exception allowed;
        allowed.id = "exception-" + of;
        allowed.constraint = "akten";
        allowed.member = given.member;
        allowed.person = given.person;
        allowed.reason = "Urlaub";
        allowed.until = parse_day("2099-01-01");
        allowed.state = policies::grant_state::requested;
        allowed.asked_by = "P-somebody";
        all.exceptions.emplace(allowed.id, allowed);
        policies::withdrawal taken;
        taken.id = "withdrawal-" + of;
        taken.member = given.member;
        taken.person = given.person;
        taken.role = role_name("dms.lesen");
        taken.reason = "Umsetzung";
        all.withdrawals.emplace(taken.id, taken);
        auto waits = all.mappings.at(of + "-alle");
        waits.id = "wartet-" + of;
        waits.state = policies::grant_state::requested;
        waits.asked_by = "P-somebody";
        all.mappings.emplace(waits.id, waits);
    }
    policies::mapping shared;
    shared.id = "alle-haeuser";
    shared.group = "GG_Alle";
    shared.roles = {role_name("groupware.postfach")};
    all.mappings.emplace(shared.id, shared);
    shared.id = "wartet-alle-haeuser";
    shared.state = policies::grant_state::requested;
    shared.asked_by = "P-somebody";
    all.mappings.emplace(shared.id, shared);
    policies::application operated;
    operated.key = application_key("meso-cottbus");
    operated.name.de = "Meldewesen Cottbus";
    operated.operated_by = member_slug("cottbus");
    all.applications.emplace(operated.key, operated);
}

class scene {
public:
    explicit scene(const looker& as) {
        idp.change_registry([](policies::registry& all) { add_administration(all); });
        for (const auto* slug : {"lebus", "cottbus"}) {
            const std::string user = std::string("angestellte.") + slug;
            const directory_id entry = idp.directories.add(slug, user, "x").who.id;
            const auto made = idp.parts().memory.write_now([&](idp::store::transaction& t) {
                (void)t.persons().ensure(member_slug(slug), entry, person_of(slug), idp.time.now());
            });
            REQUIRE(made.has_value());
        }
        idp.change_registry(put_things);
        add_administrator(idp, as.home, "looker", {as.role});
        token = api_token(idp, as.home, "looker");
        enter(as);
    }

    answer asked(const std::string& path) { return api(idp, token, method::get, path); }
    answer page(const std::string& path) { return visit(idp, "/console" + path); }

    test_idp idp;
    std::string token;

private:
    void enter(const looker& as) {
        const auto begun = visit(idp, visit(idp, "/console").location());
        const auto redirect = idp.fill_in(begun, "looker", "Verwaltung-1", as.home);
        const auto home = visit(idp, visit(idp, redirect.location()).location());
        (void)idp.post("/console/purpose",
                       {{"purpose", "Az. 21/2026"}, {"csrf", home.hidden("csrf")}});
    }
};

// The values of `key` in a list of the API; of a refused one the status.
names told(const answer& got, const char* list, const char* key) {
    if (got.status() != 200) return {std::to_string(got.status())};
    names all;
    const auto body = got.json();
    for (const auto& one : body.at(list).as_array())
        all.insert(std::string(one.at(key).as_string()));
    return all;
}

// What the page links to behind `start`; of a refused one the status.
names linked(const answer& got, const std::string& start) {
    if (got.status() != 200) return {std::to_string(got.status())};
    names all;
    const auto wanted = "href=\"" + start;
    const auto& body = got.body();
    for (auto at = body.find(wanted); at != std::string::npos; at = body.find(wanted, at + 1)) {
        const auto begin = at + wanted.size();
        const auto name = body.substr(begin, body.find_first_of("\"/?", begin) - begin);
        if (name != "new" && !name.empty()) all.insert(name);
    }
    return all;
}

void sees(const answer& got, bool should) { CHECK(got.status() == (should ? 200 : 404)); }

}  // namespace

TEST_CASE("members: those that the right is held for, at both faces") {
    for (const auto& who : everyone) {
        CAPTURE(std::string(who.home) + " " + who.role);
        scene at(who);
        const auto none = names{"404"};
        CHECK(told(at.asked("/members"), "members", "slug") ==
              (who.members.empty() ? none : who.members));
        CHECK(linked(at.page(""), "/console/members/") == who.members);
        for (const std::string slug : {"lebus", "cottbus", "dikom"}) {
            CAPTURE(slug);
            sees(at.asked("/members/" + slug), who.members.contains(slug));
            sees(at.page("/members/" + slug), who.members.contains(slug));
        }
    }
}

TEST_CASE("applications and the roles that exclude each other: every administrator") {
    for (const auto& who : everyone) {
        CAPTURE(std::string(who.home) + " " + who.role);
        scene at(who);
        const auto all = told(at.asked("/applications"), "applications", "key");
        CHECK(all.contains("meso-cottbus"));
        CHECK(linked(at.page("/applications"), "/console/applications/") == all);
        for (const auto& key : all) {
            sees(at.asked("/applications/" + key), true);
            sees(at.page("/applications/" + key), true);
        }
        CHECK(told(at.asked("/constraints"), "constraints", "id") == names{"akten"});
        CHECK(at.page("/applications/dms").shows("meso.auskunft"));
    }
}

TEST_CASE("mappings: of the members whose rules somebody sees, and everybody's") {
    for (const auto& who : everyone) {
        CAPTURE(std::string(who.home) + " " + who.role);
        scene at(who);
        names rules;
        if (who.rules) rules = {"alle-haeuser", "wartet-alle-haeuser"};
        for (const std::string slug : {"lebus", "cottbus"}) {
            const bool theirs = who.rules && who.members.contains(slug);
            if (theirs) rules.insert({slug + "-alle", "wartet-" + slug});
            CAPTURE(slug);
            sees(at.asked("/mappings/" + slug + "-alle"), theirs);
            sees(at.page("/mappings/" + slug + "-alle"), theirs);
            // On a member's own page no more than in the list.
            const auto here = at.page("/members/" + slug);
            if (here.status() == 200)
                CHECK(linked(here, "/console/mappings/").contains(slug + "-alle") == theirs);
        }
        sees(at.asked("/mappings/alle-haeuser"), who.rules);
        sees(at.page("/mappings/alle-haeuser"), who.rules);
        const auto listed = told(at.asked("/mappings"), "mappings", "id");
        const auto shown = linked(at.page("/mappings"), "/console/mappings/");
        CHECK(listed == shown);
        for (const auto& one : rules) {
            CAPTURE(one);
            CHECK(listed.contains(one));
        }
        CHECK(listed.contains("cottbus-alle") == rules.contains("cottbus-alle"));
        if (!who.rules) CHECK(listed == names{"404"});
    }
}

TEST_CASE("grants, exceptions and withdrawals: of the members whose rules somebody sees") {
    for (const auto& who : everyone) {
        CAPTURE(std::string(who.home) + " " + who.role);
        scene at(who);
        for (const auto& [list, kind] : {std::pair{"grants", "grant-"},
                                         {"exceptions", "exception-"},
                                         {"withdrawals", "withdrawal-"}}) {
            names expected;
            for (const std::string slug : {"lebus", "cottbus"}) {
                if (who.members.contains(slug)) expected.insert(kind + slug);
            }
            if (!who.rules) expected = {"404"};
            CHECK(told(at.asked("/grants"), list, "id") == expected);
        }
        // What waits stands on the page of those who may see it; everybody's for who decides for
        // everybody.
        const auto waiting = at.page("/approvals");
        CHECK(waiting.status() == (who.rules ? 200 : 404));
        for (const std::string slug : {"lebus", "cottbus"}) {
            const bool theirs = who.rules && who.members.contains(slug);
            for (const std::string kind : {"grant-", "exception-", "wartet-"}) {
                CAPTURE(kind + slug);
                CHECK(waiting.shows("value=\"" + kind + slug + "\"") == theirs);
            }
        }
        CHECK(waiting.shows("value=\"wartet-alle-haeuser\"") == who.everybody);
    }
}

TEST_CASE("a page of one member lists what is that member's alone") {
    scene at({"dikom", "zentraladmin", {}});
    const auto listed = told(at.asked("/mappings?member=lebus"), "mappings", "id");
    for (const auto* theirs : {"lebus-alle", "wartet-lebus"}) CHECK(listed.contains(theirs));
    for (const auto* others : {"cottbus-alle", "alle-haeuser", "wartet-alle-haeuser"})
        CHECK_FALSE(listed.contains(others));
    CHECK(told(at.asked("/grants?member=cottbus"), "grants", "id") == names{"grant-cottbus"});
    CHECK(told(at.asked("/mappings?member=nirgends"), "mappings", "id").empty());
}
