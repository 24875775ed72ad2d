// A group's name as people write it into a rule: applied, foretold and given at a sign-in as LDAP
// compares it (RFC 4518).
#include "idp/http/method.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct scene {
    test_idp idp;
    std::string admin;
    scene() {
        idp.change_registry([](policies::registry& r) {
            add_administration(r);
            r.mappings.erase("lebus-alle");
        });
        add_administrator(idp, "lebus", "admin", {"mandantenadmin"});
        admin = api_token(idp, "lebus", "admin");
        idp.directories.of("lebus", "anna.noack").who.groups = {
            {"cn=Alle im Haus,ou=groups,dc=lebus,dc=example", "Alle im Haus", {}, {"Belegschaft"}}};
    }
    static std::string rule_of(const std::string& group) {
        return R"({"id":"haus","member":"lebus","group":")" + group +
               R"(","roles":["groupware.postfach"]})";
    }
    bool foretold(const std::string& group) {
        const auto begun = api(idp, admin, method::post, "/mappings/haus/simulation",
                               R"({"mapping":)" + rule_of(group) + "}");
        REQUIRE(begun.status() == 202);
        const auto ended = api(idp, admin, method::get, "/jobs/" + begun.text("id")).json();
        const auto& effects = ended.at("result").at("effects").as_array();
        return effects.size() == 1 && effects.front().at("gains").as_array().size() == 1;
    }
    bool applied_and_given(const std::string& group) {
        const auto change = R"({"why":"Probe","mapping":)" + rule_of(group) + "}";
        REQUIRE(api(idp, admin, method::put, "/mappings/haus", change).status() == 200);
        idp.forget_cookies();
        const auto answered = idp.tokens("groupware-web");
        return answered.status() == 200 &&
               idp.introspect("mailserver", answered.text("access_token"))
                   .shows("groupware.postfach");
    }
};

}  // namespace

TEST_CASE("blanks, case and composition of a group's name in a rule make no difference") {
    for (const std::string group :
         {"Alle im Haus", "alle im haus ", " ALLE IM HAUS", "Alle  im   Haus", "Alle\u00a0im Haus",
          "Belegschaft ", "CN=alle  im haus,OU=groups,dc=lebus,dc=example"}) {
        CAPTURE(group);
        scene s;
        CHECK(s.foretold(group));
        CHECK(s.applied_and_given(group));
    }
    for (const std::string group : {"Alleim Haus", "Alle", "im Haus"}) {
        CAPTURE(group);
        scene s;
        CHECK_FALSE(s.foretold(group));
    }
}
