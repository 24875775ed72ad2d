// Whose entry is whose, after a member has replaced its directory.
#include "idp/sessions/retie.hpp"
#include "idp/store/persons.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::idp;
using sessions::new_entry;
using sessions::plan_retie;

namespace {

store::person person(const char* id, const char* directory) {
    return {person_id(id), member_slug("lebus"), directory_id(directory), {}};
}
new_entry entry(const char* id, const char* hash) { return {directory_id(id), id, hash}; }

}  // namespace

TEST_CASE("one person and one entry with the same value belong together") {
    const auto plan =
        plan_retie({person("anna", "old-1"), person("bert", "old-2")},
                   {{person_id("anna"), "h1"}, {person_id("bert"), "h2"}},
                   {entry("new-1", "h1"), entry("new-2", "h2"), entry("new-3", "h3")});
    REQUIRE(plan.matches.size() == 2);
    CHECK(plan.matches[0].person.id.view() == "anna");
    CHECK(plan.matches[0].entry.id.view() == "new-1");
    CHECK(plan.matches[1].entry.id.view() == "new-2");
    CHECK(plan.misses.empty());
}

TEST_CASE("nobody is guessed at: doubles on either side, misses and entries in use are told") {
    const auto plan =
        plan_retie({person("anna", "old-1"), person("anna-2", "old-2"), person("bert", "old-3"),
                    person("cora", "old-4"), person("dora", "old-5"), person("dora-new", "new-5"),
                    person("emil", "new-6")},
                   {{person_id("anna"), "same"},
                    {person_id("anna-2"), "same"},
                    {person_id("bert"), "twice"},
                    {person_id("dora"), "d"}},
                   {entry("new-1", "same"), entry("new-2", "twice"), entry("new-3", "twice"),
                    entry("new-5", "d"), entry("new-6", ""), entry("new-7", "")});
    CHECK(plan.matches.empty());
    CHECK(plan.doubles.size() == 3);
    REQUIRE(plan.misses.size() == 1);
    CHECK(plan.misses[0].id.view() == "cora");
    REQUIRE(plan.taken.size() == 1);
    CHECK(plan.taken[0].id.view() == "dora");
    CHECK(plan.unchanged.size() == 2);
}
