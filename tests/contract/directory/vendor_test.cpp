// What every vendor's server has to give, asked of the real ones.
#include "tests/contract/directory/layouts.hpp"
#include "tests/contract/directory/vendors.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using directory::look_up_error;
using directory::password_change_error;
using directory::sign_in_error;

namespace {

// The directories of one I/O thread with one member, "amt", on this server.
asked_directories ask(const directory_settings& settings) {
    return asked_directories({{member_slug("amt"), settings}});
}

const group_membership* group_named(const identity& who, const std::string& name) {
    const auto found = std::find_if(who.groups.begin(), who.groups.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found == who.groups.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("every vendor: a right password gives the identity, its groups and the ways to them") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto asked = ask(server.settings());
        const auto who = asked.sign_in("amt", "anna.noack", "Spreewald-7");
        if (!who) FAIL(who.error().detail);
        CHECK(who->id.view().size() >= 35);
        CHECK(who->display_name == "Anna Noack");
        CHECK(who->login_name == "anna.noack");
        CHECK(who->mail == "anna.noack@kommune.example");
        CHECK_FALSE(who->groups_cut_off);
        REQUIRE(group_named(*who, "Meldeamt") != nullptr);
        CHECK(group_named(*who, "Meldeamt")->path.empty());
        REQUIRE(group_named(*who, "Buergerservice") != nullptr);
        CHECK(group_named(*who, "Buergerservice")->path == std::vector<std::string>{"Meldeamt"});
        REQUIRE(group_named(*who, "Alle") != nullptr);
        CHECK(group_named(*who, "Alle")->path ==
              std::vector<std::string>{"Meldeamt", "Buergerservice"});
        CHECK(group_named(*who, "g001") != nullptr);
        CHECK(group_named(*who, "g500") != nullptr);
        if (server.can().has_group_of_5000) CHECK(group_named(*who, "Grossgruppe") != nullptr);
        if (server.can().has_primary_group) CHECK(group_named(*who, "Domain Users") != nullptr);

        const auto again = asked.look_up("amt", who->id);
        if (!again) FAIL(again.error().detail);
        CHECK(again->groups == who->groups);
        CHECK(asked.sign_in("amt", "ANNA.NOACK", "Spreewald-7")->id == who->id);
        CHECK(asked.sign_in("amt", "anna.noack@kommune.example", "Spreewald-7")->id == who->id);
        CHECK(asked.sign_in("amt", "umläut", "Žofija-2026")->display_name == "Žofija Šołćina");
    }
}

TEST_CASE(
    "every vendor: groups from outside of group_base and persons from outside count nowhere") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto settings = server.settings();
        const bool ad = settings.vendor == directory_vendor::active_directory;
        if (ad) settings.group_base = "ou=gruppen, dc=Kommune,DC=example";
        const auto groups_now = [&] {
            auto asked = ask(settings);
            const auto who = asked.sign_in("amt", "anna.noack", "Spreewald-7");
            if (!who) FAIL(who.error().detail);
            return who->groups;
        };
        const auto before = groups_now();
        for (const auto& one : before) CHECK(one.name != "Domain Users");
        CHECK(before.size() >= 500);

        const auto admin = server.admin();
        const auto add = [&](const std::string& dn, const std::string& name,
                             const std::string& inside) {
            std::vector<std::pair<std::string, std::vector<std::string>>> entry{
                {"objectClass", {ad ? "group" : "groupOfNames"}},
                {"cn", {name}},
                {"member", {inside}}};
            if (ad) entry.push_back({"sAMAccountName", {name}});
            admin->add(dn, entry);
        };
        const auto outer = "cn=GG_Zentrale," + server.people();
        const auto inner = "cn=Innen," + settings.group_base;
        add(outer, "GG_Zentrale", server.dn_of("anna.noack"));
        add(inner, "Innen", outer);
        CHECK(groups_now() == before);
        admin->remove(inner);
        admin->remove(outer);

        const auto stranger = (ad ? "CN=fremd," : "uid=fremd,") + server.elsewhere();
        std::vector<std::pair<std::string, std::vector<std::string>>> entry{
            {"objectClass", {ad ? "user" : "inetOrgPerson"}}, {"cn", {"fremd"}}, {"sn", {"Fremd"}}};
        entry.push_back({ad ? "sAMAccountName" : "uid", {"fremd"}});
        admin->add(stranger, entry);
        auto asked = ask(settings);
        CHECK(asked.look_up_by_name("amt", "fremd").error().error == look_up_error::no_such_person);
        for (const auto& name : asked.names_read("amt")) CHECK(name != "fremd");
        admin->remove(stranger);
    }
}

TEST_CASE("every vendor: refusals tell what was proven, and injection finds nobody") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto asked = ask(server.settings());
        const auto refused = [&](const std::string& user, const std::string& password) {
            const auto answer = asked.sign_in("amt", user, password);
            REQUIRE_FALSE(answer.has_value());
            return answer.error();
        };
        CHECK(refused("anna.noack", "falsch").error == sign_in_error::wrong_credentials);
        CHECK(refused("niemand", "falsch").error == sign_in_error::wrong_credentials);
        CHECK(refused("anna.noack", "").error == sign_in_error::wrong_credentials);
        CHECK(refused("doppelt@kommune.example", "Doppelt-26").error ==
              sign_in_error::ambiguous_name);
        for (const auto* name : {"*", "anna*", "*)(uid=*", "anna.noack)(|(cn=*", ")(cn=*", "\\2a",
                                 "anna.noack\\", "(cn=anna.noack)"}) {
            CAPTURE(name);
            CHECK(refused(name, "Spreewald-7").error == sign_in_error::wrong_credentials);
        }
        const auto must_change = refused("neu", "Anfang-2026");
        CHECK(must_change.error == sign_in_error::password_must_change);
        CHECK(must_change.password_was_right);
        CHECK(must_change.may_change);
        CHECK_FALSE(refused("neu", "falsch").password_was_right);
        const auto disabled = refused("gesperrt", "Gesperrt-26");
        CHECK(disabled.password_was_right == server.can().proves_password_of_disabled);
        if (disabled.password_was_right) CHECK(disabled.error == sign_in_error::account_disabled);
        CHECK_FALSE(refused("gesperrt", "falsch").password_was_right);
        if (server.can().has_expired_account) {
            const auto expired = refused("abgelaufen", "Abgelaufen-26");
            CHECK(expired.error == sign_in_error::password_expired);
            CHECK(expired.password_was_right);
            CHECK(expired.may_change == server.can().may_change_expired);
            CHECK_FALSE(refused("abgelaufen", "falsch").password_was_right);
        }
        CHECK(asked.look_up("amt", directory_id("00000000-0000-0000-0000-000000000000"))
                  .error()
                  .error == look_up_error::no_such_person);
    }
}

TEST_CASE("every vendor: when a password expires soon is told at the sign-in") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto asked = ask(server.settings());
        const auto who = asked.sign_in("amt", "bald", "Bald-ab-2026");
        if (!who) FAIL(who.error().detail);
        REQUIRE(who->password_expires_at.has_value());
        const auto left = *who->password_expires_at - system_clock().now();
        CHECK(left > std::chrono::days(1));
        CHECK(left < std::chrono::days(60));
    }
}

TEST_CASE("every vendor: a new password is set where the old one is right and the policy agrees") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto asked = ask(server.settings());
        const auto failed = [&](const std::string& before, const std::string& after) {
            const auto answer = asked.change_password("amt", "neu", before, after);
            REQUIRE_FALSE(answer.has_value());
            return answer.error().error;
        };
        CHECK(failed("falsch", "Zweites-Wort-27") == password_change_error::wrong_credentials);
        CHECK(failed("", "Zweites-Wort-27") == password_change_error::wrong_credentials);
        CHECK(failed("Anfang-2026", "") == password_change_error::quality);
        const auto too_short = failed("Anfang-2026", "kurz");
        CHECK(too_short == (server.can().tells_too_short ? password_change_error::too_short
                                                         : password_change_error::quality));
        const auto done = asked.change_password("amt", "neu", "Anfang-2026", "Zweites-Wort-27");
        if (!done) FAIL(done.error().detail);
        const auto who = asked.sign_in("amt", "neu", "Zweites-Wort-27");
        if (!who) FAIL(who.error().detail);
        CHECK(asked.sign_in("amt", "neu", "Anfang-2026").error().error ==
              sign_in_error::wrong_credentials);
        auto settings = server.settings();
        settings.change_password = false;
        auto elsewhere = ask(settings);
        CHECK(elsewhere.change_password("amt", "neu", "Zweites-Wort-27", "Drittes-Wort-28")
                  .error()
                  .error == password_change_error::not_supported);
    }
}

TEST_CASE("every vendor with grace sign-ins: the last one is enough to change the password") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        if (!server.allow_grace(1)) continue;
        auto asked = ask(server.settings());
        const auto last = asked.sign_in("amt", "abgelaufen", "Abgelaufen-26");
        REQUIRE_FALSE(last.has_value());
        CAPTURE(last.error().detail);
        CHECK(last.error().error == sign_in_error::password_expired);
        REQUIRE(last.error().grace.has_value());
        CHECK(last.error().grace->left == 0);
        const auto refused = asked.change_password("amt", "abgelaufen", "Abgelaufen-26", "kurz",
                                                   last.error().grace->connection);
        REQUIRE_FALSE(refused.has_value());
        CAPTURE(refused.error().detail);
        REQUIRE(refused.error().grace.has_value());
        // Another bind finds no sign-in that is left.
        CHECK(asked.change_password("amt", "abgelaufen", "Abgelaufen-26", "Viertes-Wort-29")
                  .error()
                  .error == password_change_error::used_up);
        const auto done =
            asked.change_password("amt", "abgelaufen", "Abgelaufen-26", "Viertes-Wort-29",
                                  refused.error().grace->connection);
        if (!done) FAIL(done.error().detail);
        CHECK(asked.sign_in("amt", "abgelaufen", "Viertes-Wort-29").has_value());
        (void)server.allow_grace(0);
    }
}

TEST_CASE(
    "every vendor: a person keeps the id over a new name and another place, and is gone "
    "outside of the tree, disabled or deleted") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto asked = ask(server.settings());
        const auto who = asked.sign_in("amt", "bert.lehmann", "Lausitz-88");
        if (!who) FAIL(who.error().detail);
        const auto anna = asked.look_up_by_name("amt", "anna.noack");
        const auto gone = [&] {
            const auto answer = asked.check_accounts("amt", {anna->id, who->id});
            REQUIRE(answer.has_value());
            return answer->gone;
        };
        CHECK(gone().empty());

        const auto admin = server.admin();
        const auto before = server.dn_of("bert.lehmann");
        const auto rdn = before.substr(0, before.find('=')) + "=bert.noack";
        admin->rename(before, rdn);
        const auto renamed = asked.look_up("amt", who->id);
        if (!renamed) FAIL(renamed.error().detail);
        CHECK(renamed->id == who->id);
        CHECK(renamed->dn != who->dn);

        admin->rename(rdn + "," + server.people(), rdn, server.elsewhere());
        CHECK(asked.look_up("amt", who->id).error().error == look_up_error::no_such_person);
        CHECK(gone() == std::vector{who->id});
        admin->rename(rdn + "," + server.elsewhere(), rdn, server.people());
        CHECK(gone().empty());

        server.disable("bert.noack");
        CHECK(asked.look_up("amt", who->id).error().error == look_up_error::disabled);
        CHECK(gone() == std::vector{who->id});
        admin->remove(rdn + "," + server.people());
        CHECK(asked.look_up("amt", who->id).error().error == look_up_error::no_such_person);
        CHECK(gone() == std::vector{who->id});
    }
}

TEST_CASE("every vendor: who has no mail address signs in with the member's domain") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto settings = server.settings();
        settings.own_domains = {"rathaus.example"};
        auto asked = ask(settings);
        const auto anna = asked.sign_in("amt", "anna.noack@rathaus.example", "Spreewald-7");
        if (!anna) FAIL(anna.error().detail);
        CHECK(anna->login_name == "anna.noack");
        const auto umlaut = asked.sign_in("amt", "UMLÄUT@Rathaus.Example", "Žofija-2026");
        if (!umlaut) FAIL(umlaut.error().detail);
        CHECK(asked.sign_in("amt", "umla\u0308ut\u00a0", "Z\u030cofija-2026").has_value());
        settings.own_domains.clear();
        auto strict = ask(settings);
        CHECK(strict.sign_in("amt", "anna.noack@rathaus.example", "Spreewald-7").error().error ==
              sign_in_error::wrong_credentials);
    }
}

TEST_CASE("every vendor: a hundred wrong tries through us leave the account unlocked") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto settings = server.settings();
        settings.lockout_threshold = 5;
        auto asked = ask(settings);
        int throttled = 0;
        for (int i = 0; i < 100; ++i) {
            const auto answer = asked.sign_in("amt", i % 2 == 0 ? "doppelt.eins" : "DOPPELT.EINS",
                                              "falsch-" + std::to_string(i));
            REQUIRE_FALSE(answer.has_value());
            if (answer.error().error == sign_in_error::too_many_attempts) ++throttled;
        }
        CHECK(throttled >= 97);
        // The next process goes on from what the directory has counted.
        auto restarted = ask(settings);
        CHECK(restarted.sign_in("amt", "doppelt.eins", "Doppelt-26").error().error ==
              sign_in_error::too_many_attempts);
        auto fresh = ask(server.settings());
        const auto who = fresh.sign_in("amt", "doppelt.eins", "Doppelt-26");
        if (!who) FAIL(who.error().detail);
    }
}

TEST_CASE("every vendor: a server that is stopped, started, frozen and thawed is used again") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto settings = server.settings();
        settings.deadline = std::chrono::milliseconds(1500);
        settings.connect_timeout = std::chrono::milliseconds(1000);
        settings.failover_after = std::chrono::milliseconds(1000);
        auto asked = ask(settings);
        const auto unavailable = [&] {
            return asked.sign_in("amt", "doppelt.zwei", "Doppelt-26").error().error ==
                   sign_in_error::directory_unavailable;
        };
        const auto comes_back = [&] {
            while (!asked.sign_in("amt", "doppelt.zwei", "Doppelt-26")) {
            }
        };
        comes_back();
        server.freeze();
        CHECK(unavailable());
        server.thaw();
        comes_back();
        server.stop();
        CHECK(unavailable());
        server.start();
        comes_back();
    }
}

TEST_CASE(
    "Active Directory: DOMAIN\\name and the UPN sign in; plain text is refused by its words") {
    auto& server = active_directory_server();
    auto asked = ask(server.settings());
    const auto who = asked.sign_in("amt", "KOMMUNE\\anna.noack", "Spreewald-7");
    if (!who) FAIL(who.error().detail);
    CHECK(asked.sign_in("amt", "ANDERE\\anna.noack", "Spreewald-7").error().error ==
          sign_in_error::wrong_credentials);
    auto wrong_ca = server.settings();
    wrong_ca.ca_file.clear();
    auto distrusting = ask(wrong_ca);
    const auto refused = distrusting.sign_in("amt", "anna.noack", "Spreewald-7");
    CHECK(refused.error().error == sign_in_error::directory_unavailable);
    CHECK(refused.error().detail.find("tls.unknown_ca") != std::string::npos);
}
