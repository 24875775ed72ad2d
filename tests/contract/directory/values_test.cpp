// Sets of values, asked of a real server: all count, and their order means nothing.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/ldap_admin.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

std::vector<group_membership> groups_of_anna(const directory_settings& settings) {
    asked_directories asked({{member_slug("lebus"), settings}});
    const auto who = asked.sign_in("lebus", "anna.noack", "Spreewald-7");
    if (!who) FAIL(who.error().detail);
    CHECK_FALSE(who->groups_cut_off);
    return who->groups;
}

const group_membership& named(const std::vector<group_membership>& all, const std::string& name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& group) { return group.name == name; });
    REQUIRE(found != all.end());
    return *found;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("a group with two values of cn has both names, in every layout and at every depth") {
    for (const auto& layout : every_layout()) {
        CAPTURE(layout.name);
        const auto server = make_server(layout);
        ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
        const std::string meldeamt = "cn=Meldeamt,ou=groups,dc=lebus,dc=example";
        admin.replace(meldeamt, "cn", {"Einwohnermeldeamt", "Meldeamt"});
        for (const int depth : {8, 1, 0}) {
            CAPTURE(depth);
            auto settings = settings_for(layout, *server);
            settings.nesting_depth = depth;
            const auto groups = groups_of_anna(settings);
            CHECK(named(groups, "Meldeamt").other_names == names{"Einwohnermeldeamt"});
            CHECK(groups.size() == (layout.nests && depth > 0 ? (depth > 1 ? 3U : 2U) : 1U));
        }
        if (!layout.nests) continue;
        admin.replace("cn=Buergerservice,ou=groups,dc=lebus,dc=example", "cn",
                      {"Buergerbuero", "Buergerservice"});
        const auto groups = groups_of_anna(settings_for(layout, *server));
        CHECK(named(groups, "Buergerservice").other_names == names{"Buergerbuero"});
        CHECK(named(groups, "Alle").path == names{"Meldeamt", "Buergerservice"});
    }
}

TEST_CASE("a person with two values of uid is in the POSIX groups of both") {
    const auto& layout = every_layout().back();
    REQUIRE(layout.groups == group_model::posix_group);
    const auto server = make_server(layout);
    ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
    admin.add("cn=Bauamt,ou=groups,dc=lebus,dc=example", {{"objectClass", {"posixGroup"}},
                                                          {"cn", {"Bauamt"}},
                                                          {"gidNumber", {"78"}},
                                                          {"memberUid", {"noack"}}});
    admin.replace("uid=anna.noack,ou=people,dc=lebus,dc=example", "uid", {"noack", "anna.noack"});
    const auto groups = groups_of_anna(settings_for(layout, *server));
    CHECK(groups.size() == 2);
    (void)named(groups, "Bauamt");
    (void)named(groups, "Meldeamt");
}

TEST_CASE(
    "a nested group that was changed counts at the next sign-in where nothing is remembered") {
    const auto& layout = every_layout().front();
    const auto server = make_server(layout);
    ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
    for (const bool remembers : {false, true}) {
        CAPTURE(remembers);
        auto settings = settings_for(layout, *server);
        if (!remembers) settings.group_cache = std::chrono::milliseconds(0);
        asked_directories asked({{member_slug("lebus"), settings}});
        const auto count = [&] {
            return asked.sign_in("lebus", "anna.noack", "Spreewald-7")->groups.size();
        };
        CHECK(count() == 3);
        const std::string all = "cn=Alle,ou=groups,dc=lebus,dc=example";
        const auto members = admin.read(all, "member");
        admin.replace(all, "member", {"uid=nobody,dc=lebus,dc=example"});
        CHECK(count() == (remembers ? 3 : 2));
        admin.replace(all, "member", members);
    }
}

TEST_CASE("a name of 300 bytes is shown, cut; a group of 300 bytes is found by its whole name") {
    const auto& layout = every_layout().front();
    const auto server = make_server(layout);
    ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
    const std::string name = "Anna " + std::string(295, 'n');
    admin.replace("uid=anna.noack,ou=people,dc=lebus,dc=example", "displayName", {name});
    const std::string group(300, 'g');
    admin.add("cn=Lang,ou=groups,dc=lebus,dc=example",
              {{"objectClass", {"groupOfNames"}},
               {"cn", {"Lang", group}},
               {"member", {"cn=Meldeamt,ou=groups,dc=lebus,dc=example"}}});
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *server)}});
    const auto who = asked.sign_in("lebus", "anna.noack", "Spreewald-7");
    if (!who) FAIL(who.error().detail);
    CHECK(who->display_name == name.substr(0, 253) + "…");
    CHECK(named(who->groups, "Lang").other_names == names{group});
}
