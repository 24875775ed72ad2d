// Step-up authentication (RFC 9470): what a request asks for, and what a resource says of a token
// that does not have it.
#include "idp/http/request.hpp"
#include "idp/sessions/levels.hpp"
#include "tests/support/administration.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace sessions = idp::sessions;

namespace {

constexpr auto web = "groupware-web";
constexpr auto password = "urn:kommpass:acr:password";
constexpr auto stronger = "urn:kommpass:acr:second-factor";
const fields asks_password{{"acr_values", password}};
const fields demands_password{
    {"claims",
     R"({"id_token":{"acr":{"essential":true,"values":["urn:kommpass:acr:password"]}}})"}};

void demand(test_idp& idp, const std::function<void(policies::application&)>& change) {
    idp.change_registry([&](policies::registry& all) {
        change(all.applications.at(application_key("groupware")));
    });
}

// Somebody is signed in, by something that reaches no level.
void sign_in_weakly(test_idp& idp) {
    REQUIRE_FALSE(idp.sign_in(web, "anna.noack", "Spreewald-7").redirected("code").empty());
    idp.sql("UPDATE session SET acr = ''");
}

bool shows_sign_in(const answer& page) { return !page.hidden("transaction").empty(); }

}  // namespace

TEST_CASE("a level reaches itself and what is below it, and what is none of ours reaches nothing") {
    const auto all = sessions::levels();
    for (std::size_t has = 0; has < all.size(); ++has) {
        for (std::size_t needs = 0; needs < all.size(); ++needs)
            CHECK(sessions::reaches(all[has].acr, all[needs].acr) == (needs <= has));
    }
    CHECK_FALSE(sessions::reaches("", password));
    CHECK_FALSE(sessions::reaches("gold", password));
    CHECK_FALSE(sessions::reaches(password, "gold"));
    CHECK_FALSE(sessions::reaches("gold", "gold"));
}

TEST_CASE("oidcc-ensure-request-with-acr-values-succeeds, also where none of them is ours") {
    test_idp idp;
    for (const auto* wished : {password, "gold urn:kommpass:acr:password", "gold silver"}) {
        CAPTURE(wished);
        const auto tokens = idp.tokens(web, {{"acr_values", wished}});
        REQUIRE(tokens.status() == 200);
        CHECK(test_idp::payload(tokens.text("id_token")).at("acr") == password);
    }
    std::string many;
    for (int i = 0; i < 21; ++i) many += "level" + std::to_string(i) + " ";
    for (const auto& wrong : {many, std::string("\xc3\xa4")})
        CHECK(idp.authorize(web, {{"acr_values", wrong}}).redirected("error") == "invalid_request");
}

TEST_CASE("a sign-in that is weaker than asked for is raised, and the tokens say so") {
    for (const auto& asked : {asks_password, demands_password}) {
        CAPTURE(asked.front().first);
        test_idp idp;
        sign_in_weakly(idp);
        CHECK_FALSE(idp.authorize(web).redirected("code").empty());  // nobody asked for more
        auto silently = asked;
        silently.emplace_back("prompt", "none");
        CHECK(idp.authorize(web, silently).redirected("error") == "login_required");

        const auto page = idp.authorize(web, asked);
        REQUIRE(shows_sign_in(page));
        const auto redirect = idp.fill_in(page, "anna.noack", "Spreewald-7");
        const auto tokens = idp.redeem(web, redirect);
        REQUIRE(tokens.status() == 200);
        CHECK(test_idp::payload(tokens.text("id_token")).at("acr") == password);
        CHECK(test_idp::payload(tokens.text("access_token")).at("acr") == password);
        const auto told = idp.introspect(web, tokens.text("access_token")).json();
        CHECK(told.at("acr") == password);
        CHECK(told.at("auth_time").as_int64() == to_unix_seconds(idp.time.now()));
        // Now it is strong enough for the next one.
        CHECK_FALSE(idp.authorize(web, asked).redirected("code").empty());
    }
}

TEST_CASE("the levels that a client registered are wished where it names none itself") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        auto& one = all.applications.at(application_key("groupware")).clients.at(0);
        one.default_acr_values = {password};
        one.require_auth_time = true;
    });
    sign_in_weakly(idp);
    CHECK(idp.authorize(web, {{"prompt", "none"}}).redirected("error") == "login_required");
    // What the request names takes their place, whether in acr_values or as a claim.
    CHECK_FALSE(idp.authorize(web, {{"acr_values", "gold"}}).redirected("code").empty());
    CHECK_FALSE(idp.authorize(web, {{"claims", R"({"id_token":{"acr":{"values":["gold"]}}})"}})
                    .redirected("code")
                    .empty());

    const auto page = idp.authorize(web);
    REQUIRE(shows_sign_in(page));
    const auto redirect = idp.fill_in(page, "anna.noack", "Spreewald-7");
    const auto tokens = idp.redeem(web, redirect);
    REQUIRE(tokens.status() == 200);
    const auto claims = test_idp::payload(tokens.text("id_token"));
    CHECK(claims.at("acr") == password);
    CHECK(claims.at("auth_time").as_int64() == to_unix_seconds(idp.time.now()));
}

TEST_CASE("an essential level that no sign-in reaches is said, before and after the sign-in") {
    test_idp idp;
    const auto claims = [](const char* acr) {
        return fields{{"claims", std::string(R"({"id_token":{"acr":{"essential":true,"value":")") +
                                     acr + R"("}}})"}};
    };
    CHECK(idp.authorize(web, claims("gold")).redirected("error") ==
          "unmet_authentication_requirements");
    CHECK(idp.authorize(web, claims(stronger)).redirected("error") ==
          "unmet_authentication_requirements");
    // Among several one is enough.
    CHECK(shows_sign_in(idp.authorize(
        web,
        {{"claims",
          R"({"id_token":{"acr":{"essential":true,"values":["gold","urn:kommpass:acr:password"]}}})"}})));
    // The claim says more than acr_values do.
    auto both = claims("gold");
    both.emplace_back("acr_values", password);
    CHECK(idp.authorize(web, both).redirected("error") == "unmet_authentication_requirements");
}

TEST_CASE(
    "insufficient_user_authentication: userinfo names the level that the application demands") {
    test_idp idp;
    const auto token = idp.tokens(web).text("access_token");
    CHECK(idp.userinfo(token).status() == 200);
    demand(idp, [](auto& groupware) { groupware.require_acr = {stronger, "gold"}; });
    const auto refused = idp.userinfo(token);
    CHECK(refused.status() == 401);
    CHECK(refused.error() == "insufficient_user_authentication");
    const auto challenge = refused.header("WWW-Authenticate");
    CHECK(challenge.starts_with("Bearer "));
    CHECK(challenge.find(R"(error="insufficient_user_authentication")") != std::string::npos);
    CHECK(challenge.find(R"(acr_values="urn:kommpass:acr:second-factor gold")") !=
          std::string::npos);
    CHECK(challenge.find("max_age") == std::string::npos);
    demand(idp, [](auto& groupware) { groupware.require_acr = {password}; });
    CHECK(idp.userinfo(token).status() == 200);
}

TEST_CASE("userinfo names the age that a sign-in may have; a new sign-in with it helps") {
    test_idp idp;
    demand(idp, [](auto& groupware) { groupware.longest_sign_in_age = 300s; });
    const auto token = idp.tokens(web).text("access_token");
    idp.time.turn(300s);
    CHECK(idp.userinfo(token).status() == 200);
    idp.time.turn(1s);
    const auto refused = idp.userinfo(token);
    CHECK(refused.error() == "insufficient_user_authentication");
    CHECK(refused.header("WWW-Authenticate").find(R"(max_age="300")") != std::string::npos);
    CHECK(refused.header("WWW-Authenticate").find("acr_values") == std::string::npos);

    const auto page = idp.authorize(web, {{"max_age", "300"}});
    REQUIRE(shows_sign_in(page));
    const auto anew = idp.redeem(web, idp.fill_in(page, "anna.noack", "Spreewald-7"));
    CHECK(idp.userinfo(anew.text("access_token")).status() == 200);
}

TEST_CASE("of a token that is bound to a key it is said in the scheme DPoP") {
    test_idp idp;
    const dpop_client key(idp.time);
    auto request = idp.redemption_of(web, idp.sign_in(web, "anna.noack", "Spreewald-7"));
    request.headers.emplace_back("dpop", key.proof_at_token_endpoint());
    const auto token = idp.send(std::move(request)).text("access_token");
    demand(idp, [](auto& groupware) { groupware.require_acr = {stronger}; });
    const auto refused = idp.call_get(
        "/userinfo", {{"authorization", "DPoP " + token},
                      {"dpop", key.proof_for(token, "GET", "https://idp.example/userinfo")}});
    CHECK(refused.status() == 401);
    CHECK(refused.header("WWW-Authenticate").starts_with("DPoP "));
    CHECK(refused.header("WWW-Authenticate").find("acr_values=") != std::string::npos);
}

TEST_CASE("the API takes no token of a sign-in that is too weak for the administration") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) { add_administration(all); });
    add_administrator(idp, "dikom", "central", {"zentraladmin"});
    const auto token = api_token(idp, "dikom", "central");
    CHECK(api(idp, token, idp::http::method::get, "/members").status() == 200);
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("fed")).require_acr = {stronger};
    });
    const auto refused = api(idp, token, idp::http::method::get, "/members");
    CHECK(refused.status() == 401);
    CHECK(
        refused.header("WWW-Authenticate").find(R"(acr_values="urn:kommpass:acr:second-factor")") !=
        std::string::npos);
}
