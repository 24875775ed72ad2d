// Forms as large as an application's catalogue of roles.
#include "idp/service/shared_parts.hpp"
#include "tests/idp/console/at_console.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

struct large_catalogue : at_console {
    explicit large_catalogue(int roles) {
        idp.change_registry([&](policies::registry& all) {
            auto& owner = all.applications.at(application_key("dms"));
            const auto pattern = owner.roles.front();
            for (int i = 0; i < roles; ++i) {
                auto one = pattern;
                one.name = role_name("dms.bereich-" + std::to_string(i));
                owner.roles.push_back(one);
            }
        });
    }
    // A rule that gives each of so many roles.
    fields rule_of(int roles, const std::string& action) {
        fields form{{"id", "neu"},      {"member", "lebus"}, {"group", "GG_Alle_Bereiche"},
                    {"why", "Auftrag"}, {"action", action},  {"expected", revision()}};
        for (int i = 0; i < roles; ++i)
            form.emplace_back("role", "dms.bereich-" + std::to_string(i));
        return form;
    }
    std::string revision() { return std::to_string(idp.parts().registry.get()->revision()); }
    const policies::mapping* made() {
        const auto& all = idp.parts().registry.get()->documents().mappings;
        const auto found = all.find("neu");
        return found == all.end() ? nullptr : &found->second;
    }
};

}  // namespace

TEST_CASE("a rule with more roles than an ordinary form has parameters is previewed and saved") {
    large_catalogue scene(400);
    CHECK(scene.post("/mappings/preview", scene.rule_of(400, "preview"))
              .location()
              .starts_with("/console/jobs/"));
    const auto saved = scene.post("/mappings/preview", scene.rule_of(400, "activate"));
    CHECK(saved.status() == 303);
    REQUIRE(scene.made() != nullptr);
    CHECK(scene.made()->roles.size() == 400);
}

TEST_CASE("a form of 2,000 parameters is taken, one of more refused as that, and nothing is done") {
    large_catalogue scene(1'994);
    const auto before = scene.revision();
    // Seven more than roles, the CSRF value included.
    const auto refused = scene.post("/mappings/preview", scene.rule_of(1'994, "activate"));
    CHECK(refused.status() == 422);
    CHECK(refused.shows("Das sind zu viele Angaben auf einmal"));
    CHECK(scene.revision() == before);
    CHECK(scene.made() == nullptr);
    scene.post("/mappings/preview", scene.rule_of(1'993, "activate"));
    REQUIRE(scene.made() != nullptr);
    CHECK(scene.made()->roles.size() == 1'993);
}

TEST_CASE("a large form that nobody of the console sent does nothing") {
    large_catalogue scene(400);
    auto form = scene.rule_of(400, "activate");
    form.emplace_back("csrf", "geraten");
    scene.idp.post("/console/mappings/preview", form);
    CHECK(scene.made() == nullptr);
}
