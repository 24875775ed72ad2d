#include "policies/simulation.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

const auto today = parse_day("2026-11-21").value();

std::set<scoped_role> roles_of(const snapshot_ptr& all, const identity& who) {
    std::set<scoped_role> flat;
    for (const auto& role : all->evaluate({who, {}, today}).roles) {
        for (const auto& member : role.for_members) flat.insert({role.name, member});
    }
    return flat;
}

}  // namespace

TEST_CASE("a simulation names who gains and who loses, and nobody else") {
    const auto before = compiled(example_registry());
    const auto after = compiled(changed([](registry& r) {
        r.mappings.erase("alle-meldeamt");
        r.mappings.at("lebus-meldeamt").roles.emplace_back("dms.rolle2");
    }));
    simulation run(before, after, today);
    run.take(anna(), person_id("p-anna"));
    auto other = anna();
    other.groups.clear();
    run.take(other, {});
    REQUIRE(run.result().effects.size() == 1);
    const auto& effect = run.result().effects.front();
    CHECK(effect.gains ==
          std::vector<scoped_role>{{role_name("dms.rolle2"), member_slug("lebus")}});
    CHECK(effect.loses ==
          std::vector<scoped_role>{{role_name("dms.rolle1"), member_slug("lebus")}});
    CHECK(run.result().persons == 2);
}

TEST_CASE("a simulation tells conflicts that a draft would bring about, and not those that are") {
    const auto with_pair = [](registry& r) {
        constraint rule;
        rule.id = "kasse";
        rule.first = "dms.rolle0";
        rule.second = "dms.rolle2";
        r.constraints.emplace(rule.id, rule);
    };
    const auto before = compiled(changed(with_pair));
    const auto after = compiled(changed([&](registry& r) {
        with_pair(r);
        r.mappings.at("alle-meldeamt").roles.emplace_back("dms.rolle2");
    }));
    simulation run(before, after, today);
    run.take(anna(), {});
    CHECK(run.result().conflicts == 1);
    simulation again(after, after, today);
    again.take(anna(), {});
    CHECK(again.result().conflicts == 0);
    CHECK(again.result().effects.empty());
}

TEST_CASE("what a simulation foretells is the difference of what people hold before and after") {
    std::mt19937 random(7);
    for (int i = 0; i < 60; ++i) {
        const auto before = compiled(random_registry(random));
        const auto after = compiled(random_registry(random));
        simulation run(before, after, today);
        for (int j = 0; j < 20; ++j) {
            const auto who = random_identity(random);
            const auto known = run.result().effects.size();
            run.take(who, {});
            const auto was = roles_of(before, who);
            const auto is = roles_of(after, who);
            if (was == is) continue;
            REQUIRE(run.result().effects.size() == known + 1);
            auto foretold = was;
            for (const auto& one : run.result().effects.back().loses) foretold.erase(one);
            for (const auto& one : run.result().effects.back().gains) foretold.insert(one);
            CHECK(foretold == is);
        }
    }
}
