// A directory that answers anything makes no application believe that somebody is another member's
// person.
#include "idp/oauth/member_names.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace kommpass;
using namespace kommpass::tests;
using idp::oauth::mail_for;
using idp::oauth::shown_text;
using idp::oauth::unique_name;
using policies::foreign_mail;

namespace {

policies::member member_with(std::vector<std::string> domains) {
    policies::member made;
    made.slug = member_slug("lebus");
    made.domains = std::move(domains);
    return made;
}

const auto lebus = member_with({"amt-lebus.example", "zły.example"});

identity named(const std::string& login, const std::string& mail = {}) {
    identity who;
    who.member = lebus.slug;
    who.login_name = login;
    who.mail = mail;
    return who;
}

std::string told(const std::string& mail, foreign_mail foreign = foreign_mail::omit) {
    const auto got = mail_for(named("x", mail), lebus, foreign);
    return got ? got->address + (got->verified ? " verified" : " unverified") : "nothing";
}

void lie(test_idp& idp, const std::function<void(identity&)>& change) {
    auto& who = idp.directories.add("lebus", "boese", "Spreewald-7").who;
    who.groups = {{"cn=GG_Groupware,ou=groups,dc=lebus,dc=example", "GG_Groupware", {}}};
    change(who);
}

}  // namespace

TEST_CASE("a name is unique over all members, and says nothing of another's domain") {
    CHECK(unique_name(named("anna.noack"), lebus) == "anna.noack@amt-lebus.example");
    CHECK(unique_name(named("müller"), lebus) == "müller@amt-lebus.example");
    CHECK(unique_name(named("anna@Amt-Lebus.example"), lebus) == "anna@amt-lebus.example");
    CHECK(unique_name(named("anna@ZŁY.example"), lebus) == "anna@xn--zy-xqa.example");
    CHECK(unique_name(named("anna"), member_with({})) == "anna@lebus");
    for (const auto* lie : {"admin@cottbus.example",
                            "admin@cottbus.example@amt-lebus.example",
                            "admin@amt-lebus.example@cottbus.example",
                            "admin\uff20cottbus.example",
                            "@",
                            "a@",
                            "@a",
                            "admin@amt-lebus.example.",
                            "admin@amt-lebus.example\n",
                            "admin\n",
                            "ad min",
                            " admin",
                            "admin\u200b",
                            "admin\u202e",
                            "\u0430dmin",
                            "admin\\cottbus",
                            "cottbus/admin",
                            "a,b",
                            "",
                            "a..b",
                            ".a",
                            "\xff",
                            "admin%cottbus.example",
                            "admin:x",
                            "adm\u0131n\u0307"}) {
        CAPTURE(lie);
        CHECK(unique_name(named(lie), lebus).empty());
    }
    CHECK(unique_name(named(std::string(100'000, 'a')), lebus).empty());
    CHECK(unique_name(named(std::string("a\0b", 3)), lebus).empty());
    auto other = lebus;
    other.slug = member_slug("cottbus");
    CHECK(unique_name(named("anna"), other).empty());
}

TEST_CASE("a mailbox goes out verified where its domain is the member's, however it is written") {
    CHECK(told("anna.noack@amt-lebus.example") == "anna.noack@amt-lebus.example verified");
    CHECK(told("Anna@AMT-Lebus.EXAMPLE") == "Anna@amt-lebus.example verified");
    CHECK(told("anna@zły.example") == "anna@xn--zy-xqa.example verified");
    CHECK(told("anna@xn--zy-xqa.example") == "anna@xn--zy-xqa.example verified");
    CHECK(told("o'brien+akte@amt-lebus.example") == "o'brien+akte@amt-lebus.example verified");
}

TEST_CASE("a mailbox of another domain is left out, or unverified for who asks for such") {
    for (const auto* foreign : {"anna@cottbus.example", "anna@mail.amt-lebus.example",
                                "anna@amt-lebus.example.evil.example", "anna@xamt-lebus.example"}) {
        CAPTURE(foreign);
        CHECK(told(foreign) == "nothing");
        CHECK(told(foreign, foreign_mail::unverified) == std::string(foreign) + " unverified");
    }
    for (const auto* wrong :
         {"jan@cottbus.example@amt-lebus.example", "\"jan@cottbus.example\"@amt-lebus.example",
          "jan@cottbus.example,x@amt-lebus.example", "jan@cottbus.example x@amt-lebus.example",
          "jan@cottbus.example\n@amt-lebus.example", "<jan@amt-lebus.example>",
          "jan(x)@amt-lebus.example", "jan%cottbus.example@amt-lebus.example", "amt-lebus.example",
          "@amt-lebus.example", "jan@", "jan@amt-lebus.example\n", "jan@amt-lebus.example ",
          "jan@[127.0.0.1]", "jan@localhost", "", "jan\uff20cottbus.example@amt-lebus.example"}) {
        CAPTURE(wrong);
        CHECK(told(wrong) == "nothing");
        CHECK(told(wrong, foreign_mail::unverified) == "nothing");
    }
    CHECK(told(std::string(100'000, 'a') + "@amt-lebus.example") == "nothing");
}

TEST_CASE("what people read is one bounded line") {
    CHECK(shown_text("Jürgen Müller") == "Jürgen Müller");
    CHECK(shown_text("a\r\nb\u202e") == "a b");
    CHECK(shown_text("\xff").empty());
    CHECK(shown_text(std::string(100'000, 'a')).size() <= 256);
}

TEST_CASE("a hostile directory's values reach no application as another member's person") {
    test_idp idp;
    lie(idp, [](identity& who) {
        who.login_name = "jan.kowal@cottbus.example";
        who.mail = "jan.kowal@cottbus.example";
        who.display_name = std::string(100'000, 'x');
        who.phone = "1\n2";
    });
    const auto tokens =
        idp.redeem("groupware-web", idp.sign_in("groupware-web", "boese", "Spreewald-7",
                                                {{"scope", "openid profile email phone"}}));
    REQUIRE(tokens.status() == 200);
    const auto token = tokens.text("access_token");
    const auto told = idp.userinfo(token).json();
    for (const auto* claim : {"preferred_username", "email", "email_verified"}) {
        CAPTURE(claim);
        CHECK_FALSE(told.contains(claim));
    }
    CHECK(told.at("name").as_string().size() <= 256);
    CHECK(told.at("phone_number") == "1 2");
    CHECK(told.at("member") == "lebus");
    const auto seen = idp.introspect("mailserver", token).json();
    CHECK(seen.at("active") == true);
    CHECK_FALSE(seen.contains("username"));
    CHECK_FALSE(seen.contains("email"));
}

TEST_CASE(
    "a client that is registered for it learns of a foreign mailbox, never as a verified one") {
    test_idp idp;
    lie(idp, [](identity& who) { who.mail = "jan.kowal@cottbus.example"; });
    const auto learned = [&] {
        idp.forget_cookies();
        const auto tokens = idp.redeem(
            "groupware-web",
            idp.sign_in("groupware-web", "boese", "Spreewald-7", {{"scope", "openid email"}}));
        const auto token = tokens.text("access_token");
        return std::array{idp.userinfo(token).json(), test_idp::payload(tokens.text("id_token")),
                          idp.introspect("mailserver", token).json()};
    };
    for (const auto& seen : learned()) CHECK_FALSE(seen.contains("email"));
    idp.change_registry([](policies::registry& all) {
        for (auto& [key, application] : all.applications) {
            for (auto& one : application.clients) {
                one.foreign_mail = foreign_mail::unverified;
                one.claims_in_id_token = true;
            }
        }
    });
    for (const auto& seen : learned()) {
        CHECK(seen.at("email") == "jan.kowal@cottbus.example");
        CHECK(seen.at("email_verified") == false);
    }
}

TEST_CASE(
    "introspection tells a name only where the scope has profile, a mailbox where it has email") {
    test_idp idp;
    const auto seen_with = [&](const std::string& scope) {
        idp.forget_cookies();
        const auto tokens = idp.redeem(
            "groupware-web",
            idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"scope", scope}}));
        return idp.introspect("mailserver", tokens.text("access_token")).json();
    };
    const auto bare = seen_with("openid");
    CHECK(bare.at("active") == true);
    CHECK_FALSE(bare.contains("username"));
    CHECK_FALSE(bare.contains("email"));
    const auto full = seen_with("openid profile email");
    CHECK(full.at("username") == "anna.noack@amt-lebus.example");
    CHECK(full.at("email_verified") == true);
}

TEST_CASE("a client's own token names no person, and asks for nothing that one has") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        auto& batch = all.applications.at(application_key("meso")).clients.at(1);
        batch.authentication = policies::client_authentication::client_secret_post;
        batch.scopes = {"openid", "profile", "email", "phone", "address", "meso:lesen"};
    });
    const auto answer = idp.call("/token", {{"grant_type", "client_credentials"},
                                            {"client_id", "meso-batch"},
                                            {"client_secret", test_idp::secret},
                                            {"scope", "openid profile email address meso:lesen"}});
    REQUIRE(answer.status() == 200);
    CHECK(answer.text("scope") == "meso:lesen");
    const auto token = answer.text("access_token");
    const auto claims = test_idp::payload(token);
    const auto seen = idp.call("/introspect", {{"token", token},
                                               {"client_id", "meso-batch"},
                                               {"client_secret", test_idp::secret}})
                          .json();
    CHECK(seen.at("active") == true);
    CHECK(seen.at("sub") == "meso-batch");
    for (const auto* name : {"username", "preferred_username", "email", "member", "name", "acr"}) {
        CAPTURE(name);
        CHECK_FALSE(claims.contains(name));
        CHECK_FALSE(seen.contains(name));
    }
}
