#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "policies/mapping_index.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

std::vector<std::string> names(const access_decision& decision) {
    std::vector<std::string> all;
    for (const auto& one : decision.roles) all.push_back(one.name.str());
    return all;
}

access_decision decide(const snapshot_ptr& all, const identity& who, const char* key = "dms") {
    return all->decide({who, {}, parse_day("2026-11-21").value()},
                       *all->find_application(application_key(key)));
}

// The rules read one after the other, as one would by hand.
std::set<std::string> naive_roles(const registry& all, const identity& who,
                                  const std::string& key) {
    std::set<std::string> held;
    for (const auto& rule : all.mappings) {
        const auto& m = rule.second;
        if (m.member && *m.member != who.member) continue;
        const bool group = m.group.empty() ||
                           std::any_of(who.groups.begin(), who.groups.end(), [&](const auto& g) {
                               const auto dn = distinguished_name::parse(m.group);
                               return m.group.find('=') != std::string::npos
                                          ? distinguished_name::parse(g.dn) == dn
                                          : prepared(g.name) == prepared(m.group);
                           });
        const auto attribute = who.attributes.find(lower_case(m.attribute));
        const bool has =
            m.attribute.empty() || (attribute != who.attributes.end() &&
                                    std::find(attribute->second.begin(), attribute->second.end(),
                                              m.attribute_value) != attribute->second.end());
        const bool place = m.within.empty() || distinguished_name::parse(who.dn)->is_within(
                                                   *distinguished_name::parse(m.within));
        if (!group || !has || !place) continue;
        for (const auto& role : m.roles) {
            if (role.view().starts_with(key + ".")) held.insert(role.str());
        }
    }
    return held;
}

}  // namespace

TEST_CASE("groups match by DN in any spelling and by name in any case, and say by which way") {
    const auto decision = decide(compiled(example_registry()), anna());
    CHECK(decision.verdict == access::granted);
    CHECK(names(decision) == std::vector<std::string>{"dms.rolle0", "dms.rolle1"});
    CHECK(decision.roles.front().because.front().mapping == "lebus-meldeamt");
    CHECK(decision.roles.front().because.front().group_path ==
          std::vector<std::string>{"GG_Buergerservice"});
    CHECK(decision.roles.front().for_members == std::vector{member_slug("lebus")});
}

TEST_CASE("groups, values and places are compared as LDAP compares them (RFC 4518)") {
    const auto holds = [](const std::function<void(mapping&, identity&)>& arrange) {
        auto who = anna();
        who.groups.clear();
        const auto all = compiled(changed([&](registry& r) {
            mapping rule;
            rule.id = "regel";
            rule.roles = {role_name("dms.rolle2")};
            arrange(rule, who);
            r.mappings = {{rule.id, rule}};
        }));
        return decide(all, who).verdict == access::granted;
    };
    const std::string composed = "Straßenverkehrsbehörde";
    const std::string decomposed = "STRASSENVERKEHRSBEHO\u0308RDE";
    const auto group = [&](const std::string& ruled, const std::string& name) {
        return holds([&](mapping& m, identity& who) {
            m.group = ruled;
            who.groups = {{"cn=" + name + ",ou=groups,dc=lebus,dc=example", name, {}}};
        });
    };
    CHECK(group(composed, decomposed));
    CHECK(group(decomposed, composed));
    CHECK(group("cn=" + composed + ",ou=groups,dc=lebus,dc=example", decomposed));
    CHECK(group("alle ", "alle"));
    CHECK(group("alle", "a\u200blle\u00a0"));
    CHECK(group("Alle  im   Haus", "alle im haus"));
    CHECK(group("alle im haus", " Alle\tim \u00a0 Haus "));
    CHECK_FALSE(group("alle", "al le"));
    CHECK_FALSE(group("alle im haus", "alleim haus"));
    CHECK_FALSE(group("muller", "müller"));
    // A further value of cn names the group as the one that is shown does.
    const auto called = [&](const std::string& ruled) {
        return holds([&](mapping& m, identity& who) {
            m.group = ruled;
            who.groups = {{"cn=Meldeamt,dc=x", "Meldeamt", {}, {"Einwohner  Meldeamt", "Melde"}}};
        });
    };
    CHECK(called("meldeamt"));
    CHECK(called("EINWOHNER MELDEAMT "));
    CHECK(called("melde"));
    CHECK_FALSE(called("einwohner"));
    CHECK(holds([&](mapping& m, identity& who) {
        m.attribute = "OU";
        m.attribute_value = composed + " ";
        who.attributes["ou"] = {"anderes", decomposed};
    }));
    CHECK(holds([&](mapping& m, identity& who) {
        m.within = "ou=" + composed + ",dc=lebus,dc=example";
        who.dn = "uid=anna,ou=" + decomposed + ",dc=lebus,dc=example";
    }));
    CHECK_FALSE(holds([&](mapping& m, identity& who) {
        m.within = "ou=" + composed + "\u0308,dc=lebus,dc=example";
        who.dn = "uid=anna,ou=" + decomposed + ",dc=lebus,dc=example";
    }));
}

TEST_CASE("a member is found by its domain with umlauts or as A-labels, however it is registered") {
    for (const auto* registered : {"amt-lübben.example", "xn--amt-lbben-u9a.example"}) {
        const auto all = compiled(changed(
            [&](registry& r) { r.members.at(member_slug("lebus")).domains = {registered}; }));
        for (const auto* typed : {"amt-lübben.example", "Amt-Lu\u0308bben.Example",
                                  "XN--amt-lbben-u9a.example", "amt-lübben.example."}) {
            const auto* found = all->member_of_domain(typed);
            REQUIRE(found != nullptr);
            CHECK(found->slug.view() == "lebus");
        }
        CHECK(all->member_of_domain("amt-lubben.example") == nullptr);
    }
}

TEST_CASE("all conditions of a mapping must hold together") {
    auto who = anna();
    who.attributes["departmentnumber"] = {"32", "33"};
    CHECK(names(decide(compiled(example_registry()), who)).size() == 3);
    who.dn = "uid=anna.noack,ou=elsewhere,dc=lebus,dc=example";
    CHECK(names(decide(compiled(example_registry()), who)).size() == 2);
}

TEST_CASE("a mapping of one member gives nothing to another's people, even with the same group") {
    auto who = anna();
    who.member = member_slug("cottbus");
    CHECK(names(decide(compiled(example_registry()), who)) ==
          std::vector<std::string>{"dms.rolle1"});
}

TEST_CASE("without a subscription nobody, without a role nobody unless the application says so") {
    const auto all = compiled(example_registry());
    CHECK(decide(all, anna(), "meso").verdict == access::not_subscribed);
    auto nobody = anna();
    nobody.groups.clear();
    CHECK(decide(all, nobody).verdict == access::no_role);
    const auto open = compiled(changed(
        [](registry& r) { r.applications.at(application_key("dms")).require_role = false; }));
    CHECK(decide(open, nobody).verdict == access::granted);
    CHECK(decide(open, nobody).roles.empty());
}

TEST_CASE("a role from several rules has all their reasons and all their members") {
    const auto all = compiled(changed([](registry& r) {
        auto joint = r.mappings.at("alle-meldeamt");
        joint.id = "gemeinsam";
        joint.for_members = {member_slug("cottbus")};
        joint.agreed = joint.for_members;
        r.mappings.emplace(joint.id, joint);
    }));
    const auto decision = decide(all, anna());
    CHECK(decision.roles.at(1).because.size() == 2);
    CHECK(decision.roles.at(1).for_members ==
          std::vector{member_slug("cottbus"), member_slug("lebus")});
}

TEST_CASE("the index decides as reading the rules one by one does") {
    std::mt19937 random(1);
    for (int i = 0; i < 100; ++i) {
        const auto documents = random_registry(random);
        const auto all = compiled(documents);
        for (int j = 0; j < 20; ++j) {
            const auto who = random_identity(random);
            const auto decision = decide(all, who);
            const auto found = names(decision);
            CHECK(std::set<std::string>(found.begin(), found.end()) ==
                  naive_roles(documents, who, "dms"));
            for (const auto& role : decision.roles) {
                std::set<std::string> rules;
                for (const auto& why : role.because)
                    CHECK(rules.insert(why.mapping).second);  // each once
            }
        }
    }
}

TEST_CASE("what is looked at follows what a person has, not how many rules exist") {
    const auto touched = [](int rules) {
        std::map<std::string, mapping> all;
        for (int i = 0; i < rules; ++i) {
            mapping m;
            m.id = "m" + std::to_string(i);
            m.group = "gruppe-" + std::to_string(i);
            m.roles = {role_name("dms.x")};
            all.emplace(m.id, m);
        }
        auto who = anna();
        who.groups.push_back({"cn=gruppe-3,dc=x", "Gruppe-3", {}});
        const mapping_index index(all);
        const judged_identity person(who);
        int count = 0;
        index.candidates(person, [&](const compiled_mapping&) { ++count; });
        return count;
    };
    CHECK(touched(10) == 1);
    CHECK(touched(10'000) == 1);
}

TEST_CASE("members are found by domain in any case and listed as people look for them") {
    const auto all = compiled(
        changed([](registry& r) { r.members.at(member_slug("cottbus")).name.de = "Ärzte-Stadt"; }));
    CHECK(all->member_of_domain("LEBUS.example")->slug.view() == "lebus");
    CHECK(all->member_of_domain("nowhere.example") == nullptr);
    CHECK(all->members_by_name().front()->slug.view() == "cottbus");
    CHECK(all->find_client("dms-web").owner->key.view() == "dms");
    CHECK(all->find_client("dms").registered == nullptr);
    CHECK(all->revision() == 7);
}
