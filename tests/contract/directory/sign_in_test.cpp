// What every directory has to give, in whatever way it keeps its groups.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/ldap_admin.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using directory::look_up_error;
using directory::sign_in_error;

TEST_CASE("a right password gives the identity with its groups and the way to them") {
    for (const auto& layout : every_layout()) {
        CAPTURE(layout.name);
        const auto server = make_server(layout);
        asked_directories asked({{member_slug("lebus"), settings_for(layout, *server)}});
        const auto who = asked.sign_in("lebus", "anna.noack", "Spreewald-7");
        if (!who) FAIL(who.error().detail);
        CHECK(who->display_name == "Anna Noack");
        CHECK(who->mail == "anna.noack@lebus.example");
        CHECK(who->id.view().size() == 36);
        REQUIRE(who->groups.size() == (layout.nests ? 3 : 1));
        for (const auto& group : who->groups) {
            if (group.name == "Meldeamt") CHECK(group.path.empty());
            if (group.name == "Buergerservice")
                CHECK(group.path == std::vector<std::string>{"Meldeamt"});
            if (group.name == "Alle")
                CHECK(group.path == std::vector<std::string>{"Meldeamt", "Buergerservice"});
        }
        CHECK(asked.sign_in("lebus", "anna.noack@lebus.example", "Spreewald-7")->id == who->id);
        const auto again = asked.look_up("lebus", who->id);
        CHECK(again.has_value());
        CHECK(again->groups == who->groups);
    }
}

TEST_CASE("a group outside of group_base neither counts nor leads to one, whatever memberOf says") {
    for (const auto& layout : every_layout()) {
        CAPTURE(layout.name);
        const auto server = make_server(layout);
        auto settings = settings_for(layout, *server);
        settings.group_base = "OU=Groups, DC=Lebus,dc=example";  // compared as names, not as text
        const auto groups_now = [&] {
            asked_directories asked({{member_slug("lebus"), settings}});
            const auto who = asked.sign_in("lebus", "anna.noack", "Spreewald-7");
            if (!who) FAIL(who.error().detail);
            return who->groups;
        };
        const auto before = groups_now();
        REQUIRE_FALSE(before.empty());

        const std::string anna = "uid=anna.noack,ou=people,dc=lebus,dc=example";
        const std::string own = "cn=GG_Zentrale,ou=people,dc=lebus,dc=example";
        ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
        const bool unique = layout.groups == group_model::group_of_unique_names;
        const auto add = [&](const std::string& dn, const std::string& name,
                             const std::string& inside) {
            admin.add(dn, {{"objectClass", {unique ? "groupOfUniqueNames" : "groupOfNames"}},
                           {"cn", {name}},
                           {unique ? "uniqueMember" : "member", {inside}}});
        };
        if (layout.groups == group_model::posix_group) {
            admin.add(own, {{"objectClass", {"posixGroup"}},
                            {"cn", {"GG_Zentrale"}},
                            {"gidNumber", {"78"}},
                            {"memberUid", {"anna.noack"}}});
        } else {
            add(own, "GG_Zentrale", anna);
            add("cn=Innen,ou=groups,dc=lebus,dc=example", "Innen", own);
        }
        if (layout.member_of) CHECK(admin.read(anna, "memberOf").size() == 2);
        CHECK(groups_now() == before);
    }
}

TEST_CASE("a person from outside of person_base is nobody, by alias and referral too") {
    const auto& layout = every_layout().front();
    const auto server = make_server(layout);
    auto settings = settings_for(layout, *server);
    settings.person_base =
        "organizationalUnitName=PEOPLE, dc=Lebus,0.9.2342.19200300.100.1.25=example";
    asked_directories asked({{member_slug("lebus"), settings}});
    const auto anna = asked.sign_in("lebus", "anna.noack", "Spreewald-7");
    if (!anna) FAIL(anna.error().detail);
    CHECK(asked.look_up("lebus", anna->id).has_value());
    const auto before = asked.names_read("lebus");

    const std::string outside = "uid=eva.fremd,ou=groups,dc=lebus,dc=example";
    ldap_admin admin(server->url(), server->admin_dn(), slapd::admin_password);
    admin.add(outside, {{"objectClass", {"inetOrgPerson"}},
                        {"uid", {"eva.fremd"}},
                        {"cn", {"Eva Fremd"}},
                        {"sn", {"Fremd"}},
                        {"mail", {"eva.fremd@lebus.example"}},
                        {"userPassword", {"Fremd-2026"}}});
    admin.add("uid=eva.fremd,ou=people,dc=lebus,dc=example",
              {{"objectClass", {"alias", "extensibleObject"}},
               {"uid", {"eva.fremd"}},
               {"aliasedObjectName", {outside}}});
    admin.add("ou=anderswo,ou=people,dc=lebus,dc=example",
              {{"objectClass", {"referral", "extensibleObject"}},
               {"ou", {"anderswo"}},
               {"ref", {server->url() + "/ou=groups,dc=lebus,dc=example"}}});
    for (const auto* name : {"eva.fremd", "eva.fremd@lebus.example"})
        CHECK_FALSE(asked.sign_in("lebus", name, "Fremd-2026").has_value());
    const auto uuid = admin.read(outside, "entryUUID");
    REQUIRE(uuid.size() == 1);
    CHECK(asked.look_up("lebus", directory_id(uuid.front())).error().error ==
          look_up_error::no_such_person);
    for (const auto& name : asked.names_read("lebus")) CHECK(name != "Eva Fremd");
    CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7").has_value());
}

TEST_CASE("refusals say what is so, and injection finds nobody") {
    const auto& layout = every_layout().front();
    const auto server = make_server(layout);
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *server)}});
    const auto refused = [&](const std::string& user, const std::string& password) {
        const auto answer = asked.sign_in("lebus", user, password);
        REQUIRE_FALSE(answer.has_value());
        return answer.error().error;
    };
    CHECK(refused("anna.noack", "falsch") == sign_in_error::wrong_credentials);
    CHECK(refused("niemand", "falsch") == sign_in_error::wrong_credentials);
    CHECK(refused("anna.noack", "") ==
          sign_in_error::wrong_credentials);  // the server would call it a success
    CHECK(refused("anna.noack", "   ") == sign_in_error::wrong_credentials);
    CHECK(refused("doppelt@lebus.example", "Kennwort-1") == sign_in_error::ambiguous_name);
    for (const auto* name : {"*", "anna*", "*)(uid=*", "anna.noack)(|(uid=*", ")(uid=*", "\\2a",
                             "anna.noack\\", "(uid=anna.noack)"}) {
        CAPTURE(name);
        CHECK(refused(name, "Spreewald-7") == sign_in_error::wrong_credentials);
    }
    CHECK(asked.sign_in("lebus", "umläut(*)", "Kennwort-2").has_value());
    CHECK(refused("abgelaufen", "alt") == sign_in_error::password_expired);
    CHECK(refused("abgelaufen", "falsch") == sign_in_error::wrong_credentials);
    CHECK(refused("neu", "neu") == sign_in_error::password_must_change);
    CHECK(refused("neu", "falsch") == sign_in_error::wrong_credentials);
    const auto locked = refused("gesperrt", "gesperrt");
    CHECK((locked == sign_in_error::account_locked || locked == sign_in_error::wrong_credentials));
    CHECK(asked.look_up("lebus", directory_id("00000000-0000-0000-0000-000000000000"))
              .error()
              .error == look_up_error::no_such_person);
}

TEST_CASE("the same name in two members, with equal passwords, never meets the other") {
    const auto& layout = every_layout().back();
    const auto lebus = make_server(layout, "lebus");
    const auto cottbus = make_server(layout, "cottbus");
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *lebus, "lebus")},
                             {member_slug("cottbus"), settings_for(layout, *cottbus, "cottbus")}});
    const auto here = asked.sign_in("lebus", "mueller", "gleiches Kennwort");
    const auto there = asked.sign_in("cottbus", "mueller", "gleiches Kennwort");
    CHECK(here->display_name == "M. Müller lebus");
    CHECK(there->display_name == "M. Müller cottbus");
    CHECK(here->id != there->id);
    CHECK(asked.look_up("cottbus", here->id).error().error == look_up_error::no_such_person);
}
