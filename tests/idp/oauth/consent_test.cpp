// What a person is asked before data goes out, and what is remembered of the answer.
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

const fields openid_only{{"scope", "openid"}};

fields asking(const std::string& claims, const char* prompt = "") {
    return {{"scope", "openid"}, {"claims", claims}, {"prompt", prompt}};
}

answer allow(test_idp& idp, const answer& page) {
    return idp.post("/sign-in", {{"transaction", page.hidden("transaction")}, {"action", "allow"}});
}

}  // namespace

TEST_CASE("roles are listed before they go out, and what was agreed to is not asked again") {
    test_idp idp;
    const auto page = idp.sign_in("dms-web", "anna.noack", "Spreewald-7", openid_only);
    CHECK(page.shows("Ihre Rollen in dieser Anwendung"));
    CHECK_FALSE(page.shows("Ihren Namen"));
    CHECK_FALSE(allow(idp, page).redirected("code").empty());
    CHECK_FALSE(idp.authorize("dms-web", {{"scope", "openid"}, {"prompt", "none"}})
                    .redirected("code")
                    .empty());
}

TEST_CASE("a claim that a request names is asked for, listed, remembered, else consent_required") {
    for (const auto* place : {"userinfo", "id_token"}) {
        CAPTURE(place);
        test_idp idp;
        const auto named = "{\"" + std::string(place) + "\":{\"phone_number\":null}}";
        allow(idp, idp.sign_in("dms-web", "anna.noack", "Spreewald-7", openid_only));

        CHECK(idp.authorize("dms-web", asking(named, "none")).redirected("error") ==
              "consent_required");
        const auto page = idp.authorize("dms-web", asking(named));
        CHECK(page.shows("Ihre Telefonnummer"));
        CHECK_FALSE(allow(idp, page).redirected("code").empty());
        CHECK_FALSE(idp.authorize("dms-web", asking(named, "none")).redirected("code").empty());

        // An addition is asked for again, and what was agreed to stays so.
        const auto more = "{\"" + std::string(place) + "\":{\"phone_number\":null,\"name\":null}}";
        CHECK(idp.authorize("dms-web", asking(more, "none")).redirected("error") ==
              "consent_required");
        allow(idp, idp.authorize("dms-web", asking(more)));
        allow(idp, idp.authorize("dms-web", {{"scope", "openid email"}}));
        CHECK_FALSE(idp.authorize("dms-web", asking(more, "none")).redirected("code").empty());
    }
}

TEST_CASE(
    "claims that a scope gives already, that nobody has, or that need no consent ask nothing") {
    test_idp idp;
    allow(idp, idp.sign_in("dms-web", "anna.noack", "Spreewald-7", {{"scope", "openid profile"}}));
    const auto silent = idp.authorize(
        "dms-web", {{"scope", "openid profile"},
                    {"prompt", "none"},
                    {"claims", R"({"userinfo":{"name":null,"unheard_of":null,"roles":null},
                                   "id_token":{"acr":null,"auth_time":{"essential":true}}})"}});
    CHECK_FALSE(silent.redirected("code").empty());
}

TEST_CASE("roles come into the ID token where a request names them, by either name") {
    test_idp idp;
    const auto plain = idp.tokens("groupware-web");
    CHECK_FALSE(test_idp::payload(plain.text("id_token")).contains("roles"));
    const auto named = idp.tokens("groupware-web", {{"claims", R"({"id_token":{"roles":null}})"}});
    CHECK(test_idp::payload(named.text("id_token")).at("roles") ==
          boost::json::value{"groupware.postfach"});
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).claim.name = "realm_access.roles";
    });
    for (const auto* name : {"roles", "realm_access"}) {
        const auto own = idp.tokens(
            "groupware-web", {{"claims", "{\"id_token\":{\"" + std::string(name) + "\":null}}"}});
        CHECK(test_idp::payload(own.text("id_token")).contains("realm_access"));
    }
}

TEST_CASE("an access token's audience is what the client registered, never its id by habit") {
    test_idp idp;
    const auto audience = [&](const char* client) {
        return test_idp::payload(idp.tokens(client).text("access_token")).at("aud");
    };
    CHECK(audience("groupware-web") == boost::json::value{"groupware-web", "mailserver"});
    CHECK(audience("groupware-post") == "https://idp.example");
}
