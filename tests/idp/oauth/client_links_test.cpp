// What an application shows people before they sign in for it: {oidcc-registration-logo-uri,
// -policy-uri, -tos-uri}.
#include "idp/http/response.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

void set_links(test_idp& idp) {
    idp.change_registry([](policies::registry& all) {
        auto& one = all.applications.at(application_key("dms")).clients.at(0);
        one.policy_uri = "https://dms-web.example/datenschutz?a=1&b=2";
        one.tos_uri = "https://dms-web.example/bedingungen";
        one.logo_uri = "https://dms-web.example/logo.svg";
    });
}

void check_links(const answer& page) {
    CHECK(page.shows("href=\"https://dms-web.example/datenschutz?a=1&amp;b=2\""));
    CHECK(page.shows("href=\"https://dms-web.example/bedingungen\""));
    CHECK(page.shows("src=\"https://dms-web.example/logo.svg\""));
    CHECK(page.shows("referrerpolicy=\"no-referrer\""));
    CHECK(page.raw->image_source == "https://dms-web.example");
}

}  // namespace

TEST_CASE("policy, terms and logo stand on the sign-in page and on the consent page") {
    test_idp idp;
    set_links(idp);
    const auto page = idp.authorize("dms-web");
    check_links(page);
    check_links(idp.fill_in(page, "anna.noack", "Spreewald-7"));
}

TEST_CASE("a page of an application without them loads nothing from elsewhere") {
    test_idp idp;
    set_links(idp);
    const auto page = idp.authorize("groupware-web");
    CHECK(page.raw->image_source.empty());
    CHECK_FALSE(page.shows("<img class=\"kp-logo\" src=\"https://"));
}

TEST_CASE(
    "a sign-in at an application is begun from the person's own page (OpenID Connect Core, 4)") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        auto& dms = all.applications.at(application_key("dms"));
        dms.home_uri = "https://dms-web.example/akten";
        dms.clients.at(0).initiate_login_uri = "https://dms-web.example/start?a=1";
    });
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto page = idp.get("/account");
    CHECK(
        page.shows("https://dms-web.example/start?a=1&amp;iss=https%3A%2F%2Fidp.example"
                   "&amp;target_link_uri=https%3A%2F%2Fdms-web.example%2Fakten"));
    CHECK_FALSE(page.shows("login_hint"));
}
