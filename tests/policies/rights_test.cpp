#include "policies/evaluation.hpp"
#include "policies/explain.hpp"
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
const person_id anna_id("p-anna");

day day_of(const char* text) { return parse_day(text).value(); }

evaluation evaluated(const snapshot_ptr& all, identity who = anna(), person_id id = anna_id,
                     day on = today) {
    return all->evaluate({who, id, on});
}

std::vector<std::string> names(const evaluation& all) {
    std::vector<std::string> found;
    for (const auto& one : all.roles) found.push_back(one.name.str());
    return found;
}

bool holds(const evaluation& all, const char* role) {
    const auto found = names(all);
    return std::find(found.begin(), found.end(), role) != found.end();
}

grant grant_of(const char* id, const char* role) {
    grant one;
    one.id = id;
    one.member = lebus;
    one.person = anna_id;
    one.role = role_name(role);
    one.reason = "Vertretung";
    return one;
}

void add(registry& all, const grant& one) { all.grants.emplace(one.id, one); }

constraint pair_of(const char* first, const char* second,
                   conflict_resolution resolution = conflict_resolution::deny_both) {
    constraint one;
    one.id = "kasse";
    one.first = first;
    one.second = second;
    one.resolution = resolution;
    return one;
}

}  // namespace

TEST_CASE("a grant gives its role to its person on its days, and to nobody else") {
    const auto all = compiled(changed([](registry& r) {
        auto one = grant_of("g1", "meso.rolle0");
        one.from = day_of("2026-11-01");
        one.until = day_of("2026-11-30");
        add(r, one);
        auto asked = grant_of("g2", "meso.rolle1");
        asked.state = grant_state::requested;
        add(r, asked);
    }));
    CHECK(holds(evaluated(all), "meso.rolle0"));
    CHECK_FALSE(holds(evaluated(all), "meso.rolle1"));
    CHECK_FALSE(holds(evaluated(all, anna(), person_id("p-other")), "meso.rolle0"));
    CHECK_FALSE(holds(evaluated(all, anna(), {}), "meso.rolle0"));
    CHECK_FALSE(holds(evaluated(all, anna(), anna_id, day_of("2026-10-31")), "meso.rolle0"));
    CHECK(holds(evaluated(all, anna(), anna_id, day_of("2026-11-30")), "meso.rolle0"));
    CHECK_FALSE(holds(evaluated(all, anna(), anna_id, day_of("2026-12-01")), "meso.rolle0"));
}

TEST_CASE("a mapping holds from its first day to its last") {
    const auto all = compiled(changed([](registry& r) {
        auto& rule = r.mappings.at("lebus-meldeamt");
        rule.from = day_of("2027-01-01");
        rule.until = day_of("2027-12-31");
    }));
    CHECK_FALSE(holds(evaluated(all), "dms.rolle0"));
    CHECK(holds(evaluated(all, anna(), anna_id, day_of("2027-01-01")), "dms.rolle0"));
    CHECK_FALSE(holds(evaluated(all, anna(), anna_id, day_of("2028-01-01")), "dms.rolle0"));
    const auto near =
        nearest_rules(*all, {anna(), anna_id, today}, role_name("dms.rolle0"), language::de);
    REQUIRE(near.size() == 1);
    CHECK(near.front().lacking == std::vector<std::string>{"gilt erst ab 01.01.2027"});
}

TEST_CASE("a composite role brings what it includes, and the way is told") {
    const auto all = compiled(changed([](registry& r) {
        auto& roles = r.applications.at(application_key("dms")).roles;
        roles[0].includes = {role_name("dms.rolle2")};
        roles[2].includes = {role_name("meso.rolle0")};
    }));
    const auto made = evaluated(all);
    CHECK(names(made) ==
          std::vector<std::string>{"dms.rolle0", "dms.rolle1", "dms.rolle2", "meso.rolle0"});
    CHECK(made.roles.back().because.front().through ==
          std::vector{role_name("dms.rolle0"), role_name("dms.rolle2")});
}

TEST_CASE("a withdrawal ends what mappings give, and a grant outweighs it") {
    const auto withdrawn = [](registry& r) {
        withdrawal gone;
        gone.id = "w1";
        gone.member = lebus;
        gone.person = anna_id;
        gone.role = role_name("dms.rolle0");
        gone.reason = "Prüfung 2026";
        r.withdrawals.emplace(gone.id, gone);
    };
    const auto made = evaluated(compiled(changed(withdrawn)));
    CHECK_FALSE(holds(made, "dms.rolle0"));
    REQUIRE(made.withheld.size() == 1);
    CHECK(made.withheld.front().document == "w1");
    CHECK(holds(evaluated(compiled(changed([&](registry& r) {
                    withdrawn(r);
                    add(r, grant_of("g1", "dms.rolle0"));
                }))),
                "dms.rolle0"));
}

TEST_CASE("a role for another member holds for it only once it agreed") {
    const auto joint = [](bool agreed) {
        return compiled(changed([=](registry& r) {
            auto& rule = r.mappings.at("lebus-meldeamt");
            rule.for_members = {cottbus};
            if (agreed) rule.agreed = {cottbus};
        }));
    };
    const auto before = evaluated(joint(false));
    CHECK_FALSE(holds(before, "dms.rolle0"));
    REQUIRE(before.withheld.size() == 1);
    CHECK(before.withheld.front().why == withheld_role::reason::not_agreed);
    const auto after = evaluated(joint(true));
    REQUIRE(holds(after, "dms.rolle0"));
    CHECK(after.roles.front().for_members == std::vector{cottbus});
}

TEST_CASE("incompatible roles: both go, or the newer, or it is only told; an exception allows it") {
    const auto with = [](conflict_resolution resolution, bool excepted = false) {
        return compiled(changed([=](registry& r) {
            const auto rule = pair_of("dms.rolle0", "dms.rolle1", resolution);
            r.constraints.emplace(rule.id, rule);
            r.mappings.at("alle-meldeamt").from = day_of("2026-11-20");
            if (!excepted) return;
            constraint_exception one;
            one.id = "e1";
            one.constraint = "kasse";
            one.member = lebus;
            one.person = anna_id;
            one.reason = "kleines Amt";
            one.until = day_of("2026-12-31");
            one.asked_by = "p-1";
            one.approved_by = "p-2";
            r.exceptions.emplace(one.id, one);
        }));
    };
    CHECK(names(evaluated(with(conflict_resolution::deny_both))).empty());
    CHECK(names(evaluated(with(conflict_resolution::deny_newer))) ==
          std::vector<std::string>{"dms.rolle0"});
    const auto told = evaluated(with(conflict_resolution::report));
    CHECK(told.roles.size() == 2);
    REQUIRE(told.conflicts.size() == 1);
    CHECK(told.conflicts.front().exception.empty());
    const auto allowed = evaluated(with(conflict_resolution::deny_both, true));
    CHECK(allowed.roles.size() == 2);
    CHECK(allowed.conflicts.front().exception == "e1");
    const auto over = evaluated(with(conflict_resolution::deny_both, true), anna(), anna_id,
                                day_of("2027-01-01"));
    CHECK(over.roles.empty());
}

TEST_CASE("roles for different members do not meet") {
    const auto all = compiled(changed([](registry& r) {
        const auto rule = pair_of("dms.rolle0", "dms.rolle1");
        r.constraints.emplace(rule.id, rule);
        r.mappings.at("lebus-meldeamt").for_members = {cottbus};
        r.mappings.at("lebus-meldeamt").agreed = {cottbus};
    }));
    CHECK(evaluated(all).roles.size() == 2);
    CHECK(evaluated(all).conflicts.empty());
}

TEST_CASE("a pattern with two stars means the roles of one application") {
    const auto all = compiled(changed([](registry& r) {
        auto rule = pair_of("*.rolle0", "*.rolle1");
        r.constraints.emplace(rule.id, rule);
        r.mappings.at("alle-meldeamt").roles = {role_name("meso.rolle1")};
    }));
    CHECK(evaluated(all).conflicts.empty());
    const auto except = compiled(changed([](registry& r) {
        auto rule = pair_of("dms.rolle0", "dms.*");
        rule.except = {role_name("dms.rolle1")};
        r.constraints.emplace(rule.id, rule);
    }));
    CHECK(evaluated(except).conflicts.empty());
}

TEST_CASE("what the rights' documents may not say is refused, each by its name") {
    const auto told = [](const std::function<void(registry&)>& change, const char* words) {
        const auto made = compile(changed(change), 1);
        if (made) return false;
        const auto wrong = made.error();
        return std::any_of(wrong.begin(), wrong.end(), [&](const auto& one) {
            return one.to_string().find(words) != std::string::npos;
        });
    };
    CHECK(told([](registry& r) { add(r, grant_of("g1", "dms.rolle9")); },
               "grants/g1: unknown role \"dms.rolle9\"; did you mean"));
    CHECK(told(
        [](registry& r) {
            auto one = grant_of("g1", "dms.rolle0");
            one.from = day_of("2026-12-01");
            one.until = day_of("2026-11-01");
            add(r, one);
        },
        "until 2026-11-01 is before from 2026-12-01"));
    CHECK(told(
        [](registry& r) {
            auto one = grant_of("g1", "dms.rolle0");
            one.asked_by = one.approved_by = "p-1";
            add(r, one);
        },
        "approved by who asked for it"));
    CHECK(told(
        [](registry& r) {
            auto& roles = r.applications.at(application_key("dms")).roles;
            roles[0].sensitive = true;
            add(r, grant_of("g1", "dms.rolle0"));
        },
        "is sensitive"));
    CHECK(told(
        [](registry& r) {
            auto& roles = r.applications.at(application_key("dms")).roles;
            roles[0].includes = {role_name("dms.rolle1")};
            roles[1].includes = {role_name("dms.rolle0")};
        },
        "role \"dms.rolle0\" includes itself"));
    CHECK(told([](registry& r) { r.constraints.emplace("kasse", pair_of("dms", "dms.rolle1")); },
               "\"dms\" must be a role"));
    CHECK(told(
        [](registry& r) { r.applications.at(application_key("dms")).networks = {"10.1.2.3/8"}; },
        "must be a network"));
}

TEST_CASE("an application may ask for a strength, an age and a network of the sign-in") {
    const auto all = compiled(changed([](registry& r) {
        auto& dms = r.applications.at(application_key("dms"));
        dms.require_acr = {"stark"};
        dms.longest_sign_in_age = std::chrono::hours(1);
        dms.networks = {"10.12.0.0/16", "2001:db8::/32"};
    }));
    const auto& dms = *all->find_application(application_key("dms"));
    const auto who = anna();
    const auto verdict = [&](sign_in_circumstances how) {
        return all->decide({who, anna_id, today}, dms, &how).verdict;
    };
    using std::chrono::minutes;
    CHECK(verdict({"stark", minutes(5), "10.12.9.9"}) == access::granted);
    CHECK(verdict({"stark", minutes(5), "2001:db8::1"}) == access::granted);
    CHECK(verdict({"stark", minutes(5), "::ffff:10.12.0.1"}) == access::granted);
    CHECK(verdict({"stark", minutes(5), "10.13.0.1"}) == access::wrong_network);
    CHECK(verdict({"stark", minutes(5), ""}) == access::wrong_network);
    CHECK(verdict({"schwach", minutes(5), "10.12.9.9"}) == access::weak_sign_in);
    CHECK(verdict({"stark", minutes(90), "10.12.9.9"}) == access::old_sign_in);
}

TEST_CASE("days are those of Brandenburg") {
    CHECK(to_string(local_day_of(from_unix_seconds(1'795'474'799))) == "2026-11-23");
    CHECK(begin_of(day_of("2026-07-01")) == begin_of(day_of("2026-06-30")) + std::chrono::days(1));
    CHECK(local_day_of(begin_of(day_of("2026-03-29"))) == day_of("2026-03-29"));
    CHECK(local_day_of(begin_of(day_of("2026-03-29")) - std::chrono::seconds(1)) ==
          day_of("2026-03-28"));
    CHECK(local_day_of(begin_of(day_of("2026-10-26"))) == day_of("2026-10-26"));
    for (const auto* wrong :
         {"2026-02-30", "2026-2-03", "1999-01-01", "2026-01-01x", "10000-01-01", ""})
        CHECK_FALSE(parse_day(wrong));
}

TEST_CASE("a day that means for good is a day") {
    for (const auto* text : {"2200-01-01", "9999-12-31", "2000-01-01"})
        CHECK(to_string(day_of(text)) == text);
    CHECK(local_day_of(begin_of(day_of("9999-12-31"))) == day_of("9999-12-31"));
}
