// Rich authorization requests (RFC 9396) with the association's own type: one role for one member.
#include "idp/oauth/authorization_details.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
namespace json = boost::json;

namespace {

constexpr auto web = "dms-web";
// Anna of Lebus reads files for the neighbour as well.
constexpr auto for_cottbus =
    R"([{"type":"urn:kommpass:role","member":"cottbus","role":"dms.lesen","reason":"Umzug 4711"}])";
constexpr auto for_own = R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen"}])";

void let_ask(policies::registry& all) {
    all.applications.at(application_key("dms")).clients.at(0).authorization_details_types = {
        "urn:kommpass:role"};
    policies::mapping joint;
    joint.id = "lebus-fuer-cottbus";
    joint.member = member_slug("lebus");
    joint.group = "GG_Registratur";
    joint.roles = {role_name("dms.lesen")};
    joint.for_members = {member_slug("cottbus")};
    joint.agreed = {member_slug("cottbus")};
    all.mappings.emplace(joint.id, joint);
}

answer ask(test_idp& idp, const std::string& details, const fields& more = {}) {
    fields asked{{"authorization_details", details}};
    asked.insert(asked.end(), more.begin(), more.end());
    return idp.sign_in(web, "anna.noack", "Spreewald-7", asked);
}

json::value details_in(const answer& tokens) {
    return test_idp::payload(tokens.text("access_token")).at("authorization_details");
}

}  // namespace

TEST_CASE("a power that is held is shown, agreed to, and stands in answer, token, introspection") {
    test_idp idp;
    idp.change_registry(let_ask);
    const auto page = ask(idp, for_cottbus);
    CHECK(page.shows("Stadt Cottbus"));
    CHECK(page.shows("Grund: Umzug 4711"));
    const auto tokens = idp.redeem(web, idp.press(page, "allow"));
    REQUIRE(tokens.status() == 200);
    const auto expected = json::value(json::array{json::object{{"type", "urn:kommpass:role"},
                                                               {"member", "cottbus"},
                                                               {"role", "dms.lesen"},
                                                               {"reason", "Umzug 4711"}}});
    CHECK(tokens.json().at("authorization_details") == expected);
    CHECK(details_in(tokens) == expected);
    const auto said = idp.introspect(web, tokens.text("access_token"));
    CHECK(said.json().at("authorization_details") == expected);

    const auto next = idp.refresh(web, tokens.text("refresh_token"));
    CHECK(details_in(next) == expected);
}

TEST_CASE("a power is asked for each time, also where the application's scopes are agreed to") {
    test_idp idp;
    idp.change_registry(let_ask);
    const auto first = idp.press(ask(idp, for_own), "allow");
    REQUIRE_FALSE(first.redirected("code").empty());
    CHECK_FALSE(idp.authorize(web).redirected("code").empty());
    const auto again = idp.authorize(web, {{"authorization_details", for_own}});
    CHECK(again.redirected("code").empty());
    CHECK_FALSE(again.hidden("transaction").empty());
    CHECK(idp.authorize(web, {{"authorization_details", for_own}, {"prompt", "none"}})
              .redirected("error") == "consent_required");
    CHECK(idp.press(again, "deny").redirected("error") == "access_denied");
}

TEST_CASE("a power that the person does not hold is refused whole, and nothing of it is given") {
    test_idp idp;
    idp.change_registry(let_ask);
    const auto none_of_hers =
        R"([{"type":"urn:kommpass:role","member":"cottbus","role":"dms.bearbeiten"}])";
    const auto refused = ask(idp, none_of_hers);
    CHECK(refused.redirected("error") == "access_denied");
    CHECK(refused.redirected("code").empty());
    const auto both = idp.authorize(
        web, {{"authorization_details",
               R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen"},)"
               R"({"type":"urn:kommpass:role","member":"cottbus","role":"dms.bearbeiten"}])"}});
    CHECK(both.redirected("error") == "access_denied");
}

TEST_CASE("a power that ends falls out of the next token") {
    test_idp idp;
    idp.change_registry(let_ask);
    const auto tokens = idp.redeem(web, idp.press(ask(idp, for_cottbus), "allow"));
    idp.change_registry([](auto& all) { all.mappings.erase("lebus-fuer-cottbus"); });
    const auto next = idp.refresh(web, tokens.text("refresh_token"));
    REQUIRE(next.status() == 200);
    CHECK(details_in(next) == json::array{});
}

TEST_CASE("authorization_details is read strictly") {
    test_idp idp;
    idp.change_registry(let_ask);
    const std::vector<std::string> wrong{
        "{",
        "{}",
        "[]",
        "null",
        "\"x\"",
        "[1]",
        "[{}]",
        "[[]]",
        R"([{"type":"urn:kommpass:role"}])",
        R"([{"type":"payment_initiation","member":"lebus","role":"dms.lesen"}])",
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen","actions":["x"]}])",
        R"([{"type":"urn:kommpass:role","member":"lebus","member":"cottbus","role":"dms.lesen"}])",
        R"([{"type":"urn:kommpass:role","member":["lebus"],"role":"dms.lesen"}])",
        R"([{"type":"urn:kommpass:role","member":"nirgends","role":"dms.lesen"}])",
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"meso.auskunft"}])",
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen","reason":"a\nb"}])",
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen","reason":")" +
            std::string(201, 'r') + R"("}])",
        "[" + std::string(4096, '1') + "]",
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen"}],"all":[1)"};
    for (const auto& details : wrong) {
        CAPTURE(details);
        CHECK(idp.authorize(web, {{"authorization_details", details}}).redirected("error") ==
              "invalid_authorization_details");
    }
    std::string many = "[";
    for (int i = 0; i < 17; ++i)
        many += std::string(i == 0 ? "" : ",") +
                R"({"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen"})";
    CHECK(idp.authorize(web, {{"authorization_details", many + "]"}}).redirected("error") ==
          "invalid_authorization_details");
}

TEST_CASE("a client that is not registered for a type cannot ask for it, pushed or not") {
    test_idp idp;
    CHECK(idp.authorize(web, {{"authorization_details", for_own}}).redirected("error") ==
          "invalid_authorization_details");
    const auto pushed = idp.call_as(web, "/par",
                                    {{"response_type", "code"},
                                     {"client_id", web},
                                     {"redirect_uri", "https://dms-web.example/callback"},
                                     {"scope", "openid"},
                                     {"authorization_details", for_own},
                                     {"code_challenge", test_idp::challenge},
                                     {"code_challenge_method", "S256"}});
    CHECK(pushed.status() == 400);
    CHECK(pushed.error() == "invalid_authorization_details");
}

TEST_CASE("a reason is shown as text, whatever it says") {
    test_idp idp;
    idp.change_registry(let_ask);
    const auto page = ask(
        idp,
        R"([{"type":"urn:kommpass:role","member":"lebus","role":"dms.lesen","reason":"<b>x"}])");
    CHECK(page.shows("&lt;b&gt;x"));
    CHECK_FALSE(page.shows("<b>x"));
}
