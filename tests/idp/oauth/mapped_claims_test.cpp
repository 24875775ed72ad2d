// The claims of `profile` that a member maps from its directory (OpenID Connect Core, 5.1).
#include "idp/oauth/mapped_claims.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
namespace mapped = kommpass::idp::oauth::mapped_claims;

namespace {

identity with(const std::string& value) {
    identity who;
    who.attributes["x"] = {value};
    return who;
}

}  // namespace

TEST_CASE("a birth date has the form of the claim, or is left out") {
    for (const auto& [written, said] : {std::pair{"1984-02-29", "1984-02-29"},
                                        {"19840229", "1984-02-29"},
                                        {"19840229000000Z", "1984-02-29"},
                                        {"1984", "1984"},
                                        {"0000-02-29", "0000-02-29"}})
        CHECK(mapped::birthdate(with(written), "x") == said);
    for (const auto* wrong : {"", "1849-12-31", "1849", "1985-02-29", "29.02.1984", "1984-2-29",
                              "1984-02-29T00:00", "null", "19841345"})
        CHECK(mapped::birthdate(with(wrong), "x").is_null());
}

TEST_CASE("updated_at is a number of seconds after 1990") {
    CHECK(mapped::updated_at(with("20260131120000Z"), "x") == 1769860800);
    CHECK(mapped::updated_at(with("20260131120000.0Z"), "x") == 1769860800);
    CHECK(mapped::updated_at(with("1769860800"), "x") == 1769860800);
    for (const auto* wrong : {"", "yesterday", "19891231235959Z", "20260131250000Z", "12", "-1"})
        CHECK(mapped::updated_at(with(wrong), "x").is_null());
}

TEST_CASE("addresses, languages and texts") {
    CHECK(mapped::web_address(with("https://amt-lebus.example/anna"), "x") ==
          "https://amt-lebus.example/anna");
    for (const auto* wrong : {"javascript:alert(1)", "https://", "https://a b", "data:x", ""})
        CHECK(mapped::web_address(with(wrong), "x").is_null());
    CHECK(mapped::locale(with("de_DE"), "x") == "de-DE");
    CHECK(mapped::locale(with("de DE"), "x").is_null());
    CHECK(mapped::text(with("Anni"), "x") == "Anni");
    for (const auto* wrong : {"", "   ", "null"}) CHECK(mapped::text(with(wrong), "x").is_null());
    CHECK(mapped::text(with("Anni"), "").is_null());
    CHECK(mapped::text(with("Anni"), "X") == "Anni");
}

TEST_CASE("oidcc-scope-profile: every claim of the scope can be mapped, and comes from userinfo") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        auto& lebus = all.members.at(member_slug("lebus"));
        lebus.directory.extra_attributes = {"initials",   "labeledURI",  "jpegURI", "title",
                                            "employee",   "modified",    "zone",    "lang",
                                            "secondName", "dateOfBirth", "st",      "co"};
        lebus.claims = {"secondName",  "initials", "labeledURI", "jpegURI",  "labeledURI", "title",
                        "dateOfBirth", "zone",     "lang",       "modified", "st",         "co"};
    });
    auto& anna = idp.directories.of("lebus", "anna.noack").who.attributes;
    anna["secondname"] = {"Luise"};
    anna["initials"] = {"AN"};
    anna["labeleduri"] = {"https://amt-lebus.example/anna"};
    anna["jpeguri"] = {"https://amt-lebus.example/anna.jpg"};
    anna["title"] = {"weiblich"};
    anna["dateofbirth"] = {"19840229"};
    anna["zone"] = {"Europe/Berlin"};
    anna["lang"] = {"de"};
    anna["modified"] = {"20260131120000Z"};
    const auto tokens = idp.tokens("groupware-web", {{"scope", "openid profile"}});
    const auto told = idp.userinfo(tokens.text("access_token")).json();
    for (const auto* name : {"name", "given_name", "family_name", "middle_name", "nickname",
                             "preferred_username", "profile", "picture", "website", "gender",
                             "birthdate", "zoneinfo", "locale", "updated_at"}) {
        CAPTURE(name);
        CHECK(told.contains(name));
        CHECK_FALSE(test_idp::payload(tokens.text("id_token")).contains(name));
    }
    CHECK(told.at("birthdate") == "1984-02-29");
}
