// Whoever writes a rule hears that it makes tokens large, before anybody has one.
#include "idp/admin/token_weight.hpp"
#include "idp/http/method.hpp"
#include "idp/oauth/roles_by_reference.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using idp::admin::heavy_rules;
using idp::http::method;

namespace {

policies::registry with_roles(int count) {
    auto all = test_registry();
    auto& dms = all.applications.at(application_key("groupware"));
    for (int i = 0; i < count; ++i) {
        policies::role made;
        made.name = role_name("groupware.sachgebiet-" + std::to_string(1000 + i));
        made.title.de = "Sachgebiet";
        dms.roles.push_back(made);
    }
    return all;
}

void give(policies::registry& all, const std::string& id, int from, int count, int members = 0) {
    policies::mapping rule;
    rule.id = id;
    rule.member = member_slug("lebus");
    rule.group = "GG_Viele";
    for (int i = from; i < from + count; ++i)
        rule.roles.emplace_back("groupware.sachgebiet-" + std::to_string(1000 + i));
    for (int i = 0; i < members; ++i)
        rule.for_members.emplace_back("verbandsgemeinde-" + std::to_string(i));
    all.mappings[id] = rule;
}

}  // namespace

TEST_CASE("a mapping is heavy by its roles, by its members, and by what a role includes") {
    auto all = with_roles(200);
    CHECK(heavy_rules(all).empty());
    give(all, "viele-rollen", 0, 190);
    REQUIRE(heavy_rules(all).size() == 1);
    CHECK(heavy_rules(all).front().mapping == "viele-rollen");
    CHECK(heavy_rules(all).front().bytes > idp::oauth::large_token);
    give(all, "viele-rollen", 0, 8, 40);
    CHECK(heavy_rules(all).size() == 1);
    give(all, "viele-rollen", 0, 1);
    CHECK(heavy_rules(all).empty());
    auto& roles = all.applications.at(application_key("groupware")).roles;
    const auto first = role_name("groupware.sachgebiet-1000");
    for (auto& outer : roles) {
        if (outer.name != first) continue;
        for (const auto& inner : roles) {
            if (inner.name != first) outer.includes.push_back(inner.name);
        }
    }
    CHECK(heavy_rules(all).size() == 1);
}

TEST_CASE("rules of one group are weighed together, each of them named") {
    auto all = with_roles(200);
    give(all, "erste-haelfte", 0, 60);
    CHECK(heavy_rules(all).empty());
    give(all, "zweite-haelfte", 60, 60);
    CHECK(heavy_rules(all).size() == 2);
    CHECK(idp::admin::weight_of(all, all.mappings.at("zweite-haelfte")).size() == 1);
    all.mappings.at("zweite-haelfte").group = "GG_Andere";
    CHECK(heavy_rules(all).empty());
}

TEST_CASE("the advice names the size, what happens, and the claim that is smaller") {
    auto all = with_roles(900);
    give(all, "alles", 0, 900);
    const auto heavy = heavy_rules(all).front();
    const auto english = idp::admin::advice_on(all, heavy, false);
    CHECK(english.find("UserInfo") != std::string::npos);
    CHECK(english.find("strip_application_prefix") != std::string::npos);
    CHECK(idp::admin::advice_on(all, heavy, true).find("UserInfo-Endpunkt") != std::string::npos);
    all.applications.at(application_key("groupware")).claim.strip_application_prefix = true;
    const auto stripped = heavy_rules(all).front();
    CHECK(stripped.bytes < heavy.bytes);
    CHECK(idp::admin::advice_on(all, stripped, false).find("strip_application_prefix") ==
          std::string::npos);
}

TEST_CASE("the API says it with the answer to the mapping") {
    test_idp idp;
    idp.change_registry([](policies::registry& r) {
        r = with_roles(200);
        add_administration(r);
    });
    add_administrator(idp, "dikom", "zentral", {"zentraladmin"});
    const auto token = api_token(idp, "dikom", "zentral");
    std::string roles;
    for (int i = 0; i < 190; ++i)
        roles += (roles.empty() ? "" : ",") + std::string("\"groupware.sachgebiet-") +
                 std::to_string(1000 + i) + "\"";
    const auto put = [&](const std::string& given) {
        return api(idp, token, method::put, "/mappings/viele",
                   R"({"why":"Probe","mapping":{"member":"lebus","group":"GG_Viele","roles":[)" +
                       given + "]}}");
    };
    const auto large = put(roles);
    REQUIRE(large.status() == 200);
    CHECK(large.json().at("warnings").as_array().size() == 1);
    CHECK(put("\"groupware.postfach\"").json().at("warnings").as_array().empty());
}
