// What is issued is accepted at every endpoint of ours, however many roles there are.
#include "config/vocabulary/base64url.hpp"
#include "idp/oauth/roles_by_reference.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

// `roles` roles of one application for `members` members, all by the group that everybody is in.
void give_much(test_idp& idp, int roles, int members) {
    idp.change_registry([&](policies::registry& all) {
        auto& app = all.applications.at(application_key("groupware"));
        app.clients.front().claims_in_id_token = true;
        auto& rule = all.mappings.at("lebus-alle");
        for (int i = 0; i < roles; ++i) {
            policies::role made;
            made.name = role_name("groupware.sachgebiet-" + std::to_string(1000 + i));
            made.title.de = "Sachgebiet";
            app.roles.push_back(made);
            rule.roles.push_back(made.name);
        }
        for (int i = 0; i < members; ++i) {
            auto member = all.members.at(member_slug("cottbus"));
            member.slug = member_slug("amt-" + std::to_string(100 + i));
            member.name.de = "Amt " + member.slug.str();
            member.domains = {member.slug.str() + ".example"};
            all.members.emplace(member.slug, member);
            rule.for_members.push_back(member.slug);
            rule.agreed.push_back(member.slug);
        }
    });
}

boost::json::object payload_of(const std::string& jwt) {
    const auto first = jwt.find('.');
    const auto text = base64url::decode(jwt.substr(first + 1, jwt.rfind('.') - first - 1));
    return boost::json::parse(*text).as_object();
}

bool is_signed_in(test_idp& idp) {
    return !idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("code").empty();
}

}  // namespace

TEST_CASE("whatever the registry gives, the token is taken at every endpoint of ours") {
    struct {
        int roles;
        int members;
        bool by_reference;
    } const cases[] = {
        {8, 40, false}, {190, 0, false}, {8, 400, true}, {60, 120, true}, {900, 0, true}};
    for (const auto& one : cases) {
        CAPTURE(one.roles);
        CAPTURE(one.members);
        test_idp idp;
        give_much(idp, one.roles, one.members);
        const auto tokens = idp.tokens("groupware-web");
        const auto access = tokens.text("access_token");
        const auto hint = tokens.text("id_token");
        CHECK(access.size() <= idp::oauth::largest_token);
        CHECK(hint.size() <= idp::oauth::largest_token);
        const auto claims = payload_of(access);
        CHECK(claims.contains("roles") != one.by_reference);
        CHECK(claims.contains("_claim_names") == one.by_reference);
        if (one.by_reference) {
            CHECK(claims.at("_claim_names").at("roles").as_string() == "userinfo");
            const auto& endpoint = claims.at("_claim_sources").at("userinfo").at("endpoint");
            CHECK(std::string(endpoint.as_string()).ends_with("/userinfo"));
        }

        // Every role is at the UserInfo endpoint, whichever way the token comes.
        const auto told = idp.call_get("/userinfo", {{"authorization", "Bearer " + access}});
        REQUIRE(told.status() == 200);
        CHECK(told.json().at("roles").as_array().size() == static_cast<std::size_t>(one.roles) + 1);
        CHECK(idp.call("/userinfo", {{"access_token", access}}).status() == 200);
        CHECK(idp.introspect("groupware-web", access).json().at("active").as_bool());
        CHECK(idp.call_as("groupware-web", "/revoke", {{"token", access}}).status() == 200);
        CHECK_FALSE(idp.introspect("groupware-web", access).json().at("active").as_bool());

        REQUIRE(is_signed_in(idp));
        CHECK(idp.get("/end-session", {{"id_token_hint", hint}}).status() == 200);
        CHECK_FALSE(is_signed_in(idp));
    }
}

TEST_CASE("a large token is taken as a hint by POST as well") {
    test_idp idp;
    give_much(idp, 8, 70);
    const auto hint = idp.tokens("groupware-web").text("id_token");
    CHECK(hint.size() > 8 * 1024);
    CHECK(idp.post("/end-session", {{"id_token_hint", hint}}).status() == 200);
    CHECK_FALSE(is_signed_in(idp));
}
