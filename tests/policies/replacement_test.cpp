// What does not come back once it is gone, when one registry follows another.
#include "policies/replacement.hpp"
#include "policies/validation.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

withdrawal taken_away(const std::string& id, const std::string& member, const std::string& role) {
    withdrawal made;
    made.id = id;
    made.member = member_slug(member);
    made.person = person_id("P-anna");
    made.role = role_name(role);
    made.reason = "nicht mehr im Amt";
    return made;
}

registry with_withdrawal() {
    return changed([](registry& r) {
        r.withdrawals.emplace("w-1", taken_away("w-1", "lebus", "dms.rolle0"));
    });
}

void rename_dms(registry& r, const std::string& sector) {
    auto node = r.applications.extract(application_key("dms"));
    node.key() = application_key("akte");
    node.mapped().key = application_key("akte");
    for (auto& one : node.mapped().clients) one.sector = sector;
    r.applications.insert(std::move(node));
}

}  // namespace

TEST_CASE("a renamed application is other subjects, unless its client keeps the old sector") {
    const auto before = example_registry();
    const auto renamed = changed([](registry& r) { rename_dms(r, {}); });
    const auto changes = subjects_that_change(before, renamed);
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().client == client_id("dms-web"));
    CHECK(changes.front().to_string().find("sector = \"dms\"") != std::string::npos);
    const auto kept = changed([](registry& r) { rename_dms(r, "dms"); });
    CHECK(subjects_that_change(before, kept).empty());
}

TEST_CASE("so is another sector or another kind of subject; what nobody used yet is none") {
    const auto before = example_registry();
    const auto client = [](registry& r) -> policies::client& {
        return r.applications.at(application_key("dms")).clients.front();
    };
    CHECK(subjects_that_change(before, changed([&](registry& r) { client(r).sector = "x"; }))
              .size() == 1);
    const auto open = changed([&](registry& r) { client(r).subject = subject_type::public_; });
    CHECK(subjects_that_change(before, open).size() == 1);
    CHECK(subjects_that_change(open, before).front().to_string().find("public") !=
          std::string::npos);
    const auto waiting = changed([&](registry& r) { client(r).state = grant_state::requested; });
    auto moved = waiting;
    rename_dms(moved, {});
    CHECK(subjects_that_change(waiting, moved).empty());
    // Saying what holds already changes nothing.
    CHECK(subjects_that_change(before, changed([&](registry& r) { client(r).sector = "dms"; }))
              .empty());
}

TEST_CASE("a member that goes is named with what goes with it") {
    const auto before = with_withdrawal();
    auto after = before;
    after.members.erase(member_slug("lebus"));
    const auto gone = members_that_go(before, after);
    REQUIRE(gone.size() == 1);
    CHECK(gone.front().what.find("lebus: 1 withdrawals") != std::string::npos);
    CHECK(members_that_go(after, before).empty());
}

TEST_CASE("a withdrawal outlives its member and its role, and a new one names what is there") {
    const auto before = with_withdrawal();
    auto without = changed([](registry& r) {
        r.members.erase(member_slug("lebus"));
        std::erase_if(r.subscriptions,
                      [](const auto& one) { return one.member == member_slug("lebus"); });
        r.mappings.erase("lebus-meldeamt");
        std::erase_if(r.mappings, [](const auto& one) { return one.first != "alle-meldeamt"; });
    });
    keep_withdrawals(before, {}, without);
    CHECK(without.withdrawals.contains("w-1"));
    CHECK(newly_beyond(before, without).empty());
    CHECK(compile_stored(without, 2).has_value());
    // Back again: in force, as if nothing had been.
    auto again = example_registry();
    keep_withdrawals(without, {}, again);
    CHECK(again.withdrawals == before.withdrawals);
    // A slip of the pen is no outliving one.
    auto mistyped = before;
    mistyped.withdrawals.emplace("w-2", taken_away("w-2", "lebus", "dms.rolle9"));
    CHECK(newly_beyond(before, mistyped).size() == 1);
}

TEST_CASE("a withdrawal goes only by its name, also where it turns into another one") {
    const auto before = with_withdrawal();
    auto after = example_registry();
    CHECK(withdrawals_that_go(before, after).size() == 1);
    keep_withdrawals(before, {"w-1"}, after);
    CHECK(after.withdrawals.empty());
    auto other = before;
    other.withdrawals.at("w-1").role = role_name("dms.rolle1");
    CHECK(withdrawals_that_go(before, other).size() == 1);
    CHECK(withdrawals_that_go(before, before).empty());
}
