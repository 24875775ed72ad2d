// Rights in Kommpass itself stay with the person's own member, however a rule asks for more.
#include "policies/own_rights.hpp"
#include "policies/evaluator.hpp"
#include "policies/registry_files.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

const auto today = parse_day("2026-11-21").value();
const member_slug lebus("lebus");
const member_slug cottbus("cottbus");
const role_name central("fed.zentraladmin");
constexpr auto group = "cn=GG_Kommpass,ou=groups,dc=lebus,dc=example";

registry with_rights(const std::function<void(registry&, mapping&)>& change) {
    return changed([&](registry& all) {
        application fed;
        fed.key = application_key("fed");
        fed.name.de = "Verwaltung";
        fed.roles = {{central, {"Zentrale", {}}, {}},
                     {role_name("fed.nutzer"), {"Nutzer", {}}, {}}};
        all.applications.emplace(fed.key, fed);
        mapping rule;
        rule.id = "rechte";
        rule.member = lebus;
        rule.group = group;
        rule.roles = {central};
        change(all, rule);
        all.mappings.emplace(rule.id, rule);
    });
}

identity ruler() {
    auto who = anna();
    who.groups.push_back({group, "GG_Kommpass", {}});
    who.attributes["departmentnumber"] = {"33"};
    return who;
}

// As it would be without validation.
evaluation unchecked(const registry& all, const identity& who, person_id id = {}) {
    const authorships nobody;
    return evaluator(all, nobody).evaluate({who, id, today}, nullptr);
}

const effective_role* right_in(const evaluation& made) {
    const auto found = std::find_if(made.roles.begin(), made.roles.end(),
                                    [](const auto& one) { return is_own_right(one.name); });
    return found == made.roles.end() ? nullptr : &*found;
}

struct attack {
    const char* words;  // of the mistake
    void (*make)(registry&, mapping&);
};

const attack attacks[] = {
    {"to people of every member; name the member", [](registry&, mapping& m) { m.member.reset(); }},
    {"must be the distinguished name of a group inside the member's group_base",
     [](registry&, mapping& m) { m.group = "GG_Kommpass"; }},
    {"group_base \"ou=groups,dc=lebus,dc=example\"",
     [](registry&, mapping& m) { m.group = "cn=GG_Kommpass,ou=people,dc=lebus,dc=example"; }},
    // Ends with the base's text, and lies elsewhere.
    {"group_base",
     [](registry&, mapping& m) { m.group = "cn=GG_Kommpass,xou=groups,dc=lebus,dc=example"; }},
    {"group_base",
     [](registry&, mapping& m) { m.group = "cn=GG_Kommpass\\,ou=groups,dc=lebus,dc=example"; }},
    {"group_base",
     [](registry&, mapping& m) {
         m.group.clear();
         m.attribute = "departmentNumber";
         m.attribute_value = "33";
     }},
    {"group_base",
     [](registry&, mapping& m) {
         m.group.clear();
         m.within = "ou=people,dc=lebus,dc=example";
     }},
    {"group_base, which is missing",
     [](registry& all, mapping&) { all.members.at(lebus).directory.group_base.clear(); }},
    // Another member's group is none of theirs.
    {"group_base",
     [](registry&, mapping& m) { m.group = "cn=GG_Kommpass,ou=groups,dc=cottbus,dc=example"; }},
    {"for_members: rights in Kommpass hold for the person's own member only",
     [](registry&, mapping& m) {
         m.for_members = {cottbus};
         m.agreed = {cottbus};
     }},
    // By a harmless role that includes one.
    {"to people of every member",
     [](registry& all, mapping& m) {
         all.applications.at(application_key("dms")).roles.at(2).includes = {central};
         m.roles = {role_name("dms.rolle2")};
         m.member.reset();
     }},
};

}  // namespace

TEST_CASE("a rule that would give rights in Kommpass to others is refused, and gives none") {
    for (const auto& one : attacks) {
        CAPTURE(one.words);
        const auto all = with_rights(one.make);
        const auto made = compile(all, 1);
        REQUIRE_FALSE(made.has_value());
        const auto& wrong = made.error();
        CHECK(std::any_of(wrong.begin(), wrong.end(), [&](const auto& mistake) {
            return mistake.to_string().find("mappings/rechte") != std::string::npos &&
                   mistake.to_string().find(one.words) != std::string::npos;
        }));
        CHECK(right_in(unchecked(all, ruler())) == nullptr);
    }
}

TEST_CASE("a group by its name inside group_base gives rights, for the person's own member") {
    const auto spelled = with_rights([](registry& all, mapping& m) {
        m.group = "CN=gg_kommpass, OU=Groups,DC=Lebus,DC=Example";
        all.members.at(lebus).directory.group_base = "OU=groups, DC=lebus, DC=example";
    });
    const auto made = compile(spelled, 1);
    REQUIRE(made.has_value());
    const auto held = (*made)->evaluate({ruler(), {}, today});
    REQUIRE(right_in(held) != nullptr);
    CHECK(right_in(held)->for_members == std::vector{lebus});
    // The same name elsewhere in the tree is another group.
    auto other = anna();
    other.groups.push_back({"cn=GG_Kommpass,ou=people,dc=lebus,dc=example", "GG_Kommpass", {}});
    CHECK(right_in((*made)->evaluate({other, {}, today})) == nullptr);
}

TEST_CASE("what holds for several members carries rights to none but the own") {
    const auto joint = with_rights([](registry&, mapping& m) {
        m.for_members = {cottbus, lebus};
        m.agreed = {cottbus, lebus};
    });
    const auto held = unchecked(joint, ruler());
    REQUIRE(right_in(held) != nullptr);
    CHECK(right_in(held)->for_members == std::vector{lebus});
}

TEST_CASE("a grant carries rights to no other member either, nor does a role that includes one") {
    const person_id anna_id("p-anna");
    for (const auto* role : {"fed.zentraladmin", "dms.rolle0"}) {
        const auto all = with_rights([&](registry& r, mapping& m) {
            r.applications.at(application_key("dms")).roles.at(0).includes = {central};
            m.roles = {role_name("fed.nutzer")};
            grant one;
            one.id = "g1";
            one.member = lebus;
            one.person = anna_id;
            one.role = role_name(role);
            one.reason = "Vertretung";
            one.for_members = {cottbus};
            one.agreed = {cottbus};
            r.grants.emplace(one.id, one);
            r.mappings.clear();
        });
        const auto made = compile(all, 1);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().front().to_string().find("grants/g1") != std::string::npos);
        CHECK(right_in(unchecked(all, anna(), anna_id)) == nullptr);
    }
}

TEST_CASE("an application whose name only begins alike gives no rights in Kommpass") {
    CHECK(is_own_right(role_name("fed.nutzer")));
    CHECK_FALSE(is_own_right(role_name("fedora.nutzer")));
    CHECK_FALSE(is_own_right(role_name("fed")));
}

TEST_CASE("a stored rule that reaches further lets the service start, and gives nothing") {
    const auto old = with_rights([](registry& all, mapping& m) {
        m.member.reset();
        m.group = "GG_Kommpass";
        all.mappings.erase("amt-33");
    });
    REQUIRE_FALSE(compile(old, 3).has_value());
    const auto made = compile_stored(old, 3);
    REQUIRE(made.has_value());
    CHECK(right_in((*made)->evaluate({ruler(), {}, today})) == nullptr);
    CHECK((*made)->evaluate({ruler(), {}, today}).roles.size() == 2);
}
