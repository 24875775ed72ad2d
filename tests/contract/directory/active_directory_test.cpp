// Active Directory's two ways to a person's groups, side by side; and its refusals by the clock.
#include "tests/contract/directory/layouts.hpp"
#include "tests/contract/directory/vendors.hpp"
#include "tests/support/turned_pace.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using directory::sign_in_error;

namespace {

std::vector<group_membership> groups_of(const directory_settings& settings,
                                        const std::string& user) {
    asked_directories asked({{member_slug("amt"), settings}});
    const auto first = asked.look_up_by_name("amt", user);
    if (!first) FAIL(first.error().detail);
    CHECK_FALSE(first->groups_cut_off);
    // From what is remembered now: no other answer than at first.
    if (settings.groups == group_model::stepwise)
        CHECK(asked.look_up_by_name("amt", user)->groups == first->groups);
    return first->groups;
}

}  // namespace

TEST_CASE("Active Directory: step by step finds what the in-chain rule finds, with the same ways") {
    auto& server = active_directory_server();
    const auto admin = server.admin();
    // A group that is no security group, one in the primary group's place, and one outside.
    const std::string lists = "CN=Verteiler,OU=Gruppen,DC=kommune,DC=example";
    const std::string above = "CN=Ueber der Primaeren,OU=Gruppen,DC=kommune,DC=example";
    admin->add(lists, {{"objectClass", {"group"}},
                       {"sAMAccountName", {"Verteiler"}},
                       {"groupType", {"2"}},
                       {"member", {"CN=Buergerservice,OU=Gruppen,DC=kommune,DC=example"}}});
    admin->add(above, {{"objectClass", {"group"}},
                       {"sAMAccountName", {"Ueber der Primaeren"}},
                       {"member", {"CN=Domain Users,CN=Users,DC=kommune,DC=example"}}});
    auto stepwise = server.settings();
    auto in_chain = server.settings();
    stepwise.groups = group_model::stepwise;
    in_chain.groups = group_model::in_chain;
    struct question {
        int depth;
        std::string base, user;
    };
    const std::string whole = stepwise.group_base;
    for (const auto& asked : {question{8, whole, "anna.noack"}, question{1, whole, "anna.noack"},
                              question{8, "OU=Gruppen,DC=kommune,DC=example", "anna.noack"},
                              question{8, whole, "bert.lehmann"}}) {
        const auto& [depth, base, user] = asked;
        CAPTURE(asked.depth);
        CAPTURE(asked.base);
        CAPTURE(asked.user);
        stepwise.nesting_depth = in_chain.nesting_depth = depth;
        stepwise.group_base = in_chain.group_base = base;
        const auto found = groups_of(stepwise, user);
        CHECK(found == groups_of(in_chain, user));
        CHECK(found.size() > (user == "anna.noack" ? 502U : 1U));
    }
    admin->remove(lists);
    admin->remove(above);
}

TEST_CASE("Active Directory: unknown, wrong and locked are refused after the same time") {
    auto& server = active_directory_server();
    turned_pace pace;
    auto settings = server.settings();
    settings.deadline = std::chrono::minutes(10);  // the time that is turned runs ahead of it
    asked_directories asked({{member_slug("amt"), settings}}, pace);
    const auto took = [&](const std::string& user, const std::string& password) {
        const auto began = pace.now();
        const auto answer = asked.sign_in("amt", user, password);
        REQUIRE_FALSE(answer.has_value());
        CHECK_FALSE(answer.error().password_was_right);
        return pace.now() - began;
    };
    const auto wrong = took("weg.spaeter", "falsch");
    CHECK(wrong >= std::chrono::milliseconds(250));
    CHECK(took("niemand", "falsch") == wrong);
    for (int i = 0; i < 6; ++i) (void)took("weg.spaeter", "falsch");
    const auto locked = asked.sign_in("amt", "weg.spaeter", "Wechsel-26");
    REQUIRE_FALSE(locked.has_value());
    CHECK(locked.error().error == sign_in_error::account_locked);
    CHECK(took("weg.spaeter", "Wechsel-26") == took("niemand", "Wechsel-26"));
    CHECK(took("weg.spaeter", "falsch") == took("niemand", "falsch"));
    server.admin()->replace(server.dn_of("weg.spaeter"), "lockoutTime", {"0"});
}
