// Resource indicators (RFC 8707).
#include "idp/http/request.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

constexpr auto mail = "https://mail.example/";
constexpr auto files = "https://files.example/api?v=1";

void register_both(test_idp& idp) {
    idp.change_registry([](policies::registry& all) {
        auto& groupware = all.applications.at(application_key("groupware"));
        groupware.clients.at(0).audiences = {mail, files, "plain-name"};
    });
}

boost::json::value audience_in(const answer& tokens) {
    return test_idp::payload(tokens.text("access_token")).at("aud");
}

}  // namespace

TEST_CASE("resource may occur several times, and the tokens are for exactly those") {
    test_idp idp;
    register_both(idp);
    CHECK(audience_in(idp.tokens("groupware-web")) ==
          boost::json::value{mail, files, "plain-name"});
    CHECK(audience_in(idp.tokens("groupware-web", {{"resource", mail}})) == mail);
    const auto both = idp.tokens("groupware-web", {{"resource", files}, {"resource", mail}});
    CHECK(audience_in(both) == boost::json::value{files, mail});

    const auto one = idp.refresh("groupware-web", both.text("refresh_token"), {{"resource", mail}});
    CHECK(audience_in(one) == mail);
    const auto all = idp.refresh("groupware-web", one.text("refresh_token"));
    CHECK(audience_in(all) == boost::json::value{files, mail});
}

TEST_CASE("each value is checked, at the authorization and at the token endpoint") {
    test_idp idp;
    register_both(idp);
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    for (const auto* wrong : {"https://other.example/", "https://mail.example/#part", "plain-name",
                              "/relative", "https://mail.example"}) {
        CAPTURE(wrong);
        const fields asked{{"resource", mail}, {"resource", wrong}};
        const auto refused = idp.authorize("groupware-web", asked);
        CHECK(refused.redirected("error") == "invalid_target");
        CHECK(refused.redirected("state") == "state-1");
        const auto redirect = idp.authorize("groupware-web");
        const auto answer = idp.redeem("groupware-web", redirect, asked);
        CHECK(answer.status() == 400);
        CHECK(answer.error() == "invalid_target");
    }
}

TEST_CASE("the token endpoint may narrow what was granted, never widen it") {
    test_idp idp;
    register_both(idp);
    const auto redirect =
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"resource", mail}});
    CHECK(idp.redeem("groupware-web", redirect, {{"resource", files}}).error() == "invalid_target");
    const auto tokens = idp.tokens("groupware-web", {{"resource", mail}});
    const auto wider =
        idp.refresh("groupware-web", tokens.text("refresh_token"), {{"resource", files}});
    CHECK(wider.error() == "invalid_target");
    CHECK(idp.refresh("groupware-web", tokens.text("refresh_token")).status() == 200);
}

TEST_CASE("any other parameter that occurs twice is still an invalid request") {
    test_idp idp;
    register_both(idp);
    idp::http::request request;
    request.method = idp::http::method::post;
    request.path = "/token";
    request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    request.body = "grant_type=refresh_token&resource=a&resource=b&scope=x&scope=y";
    CHECK(idp.send(std::move(request)).error() == "invalid_request");
}
