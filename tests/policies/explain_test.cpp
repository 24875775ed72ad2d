#include "policies/explain.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

std::string told(const snapshot_ptr& all, const identity& who, const char* key, language lang) {
    std::string text;
    for (const auto& line : explain(*all, {who, {}, parse_day("2026-11-21").value()},
                                    *all->find_application(application_key(key)), lang))
        text += line + "\n";
    return text;
}
bool has(const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("an explanation says why each role is held, and what is missing for the others") {
    const auto german = told(compiled(example_registry()), anna(), "dms", language::de);
    CHECK(has(german, "Anna Noack (lebus) darf Anwendung dms benutzen"));
    CHECK(has(german,
              "+ dms.rolle0 (Rolle 0): Mitglied der Gruppe GG_Meldeamt über GG_Buergerservice; "
              "Regel lebus-meldeamt"));
    CHECK(has(german,
              "- dms.rolle2 (Rolle 2): Attribut departmentNumber ist nicht 33; Regel amt-33"));
    const auto english = told(compiled(example_registry()), anna(), "dms", language::en);
    CHECK(has(english, "Anna Noack (lebus) may use Anwendung dms"));
    CHECK(has(english,
              "member of group GG_Meldeamt through GG_Buergerservice; mapping lebus-meldeamt"));
}

TEST_CASE(
    "an explanation says when the subscription lacks, or no rule exists, or groups were cut off") {
    const auto all = compiled(example_registry());
    CHECK(has(told(all, anna(), "meso", language::de), "lebus hat die Anwendung nicht gebucht"));
    CHECK(has(told(all, anna(), "meso", language::de), "keine Regel gibt diese Rolle an lebus"));
    auto nobody = anna();
    nobody.groups.clear();
    nobody.groups_cut_off = true;
    CHECK(has(told(all, nobody, "dms", language::en), "no mapping gives a role"));
    CHECK(has(told(all, nobody, "dms", language::en), "did not name all groups"));
    CHECK(has(told(all, nobody, "dms", language::en), "not a member of group gg_meldeamt"));
}
