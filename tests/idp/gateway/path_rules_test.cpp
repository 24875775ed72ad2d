#include "idp/gateway/path_rules.hpp"

#include "idp/gateway/requested_path.hpp"
#include "policies/gateway_entry.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using idp::gateway::read_path;
using idp::gateway::rule_for;

namespace {

policies::gateway_rule opening(std::string path, std::vector<std::string> methods = {}) {
    return {.path = std::move(path), .methods = std::move(methods), .open = true};
}

policies::gateway_rule guarding(std::string path, std::vector<std::string> methods = {}) {
    return {.path = std::move(path),
            .methods = std::move(methods),
            .roles = {role_name("geso.fachadmin")}};
}

// The path of the rule that holds; "": what holds for the whole application.
std::string held(const std::vector<policies::gateway_rule>& rules, std::string_view uri,
                 std::string_view method = "GET") {
    policies::gateway_entry entry;
    entry.rules = rules;
    const auto path = read_path(uri);
    REQUIRE_FALSE(path.ambiguous);
    const auto* found = rule_for(entry, path, method);
    return found == nullptr ? "" : found->path;
}

}  // namespace

TEST_CASE("a rule that ends in a slash covers itself and all below, another one just its path") {
    CHECK(held({guarding("/admin/")}, "/admin") == "/admin/");
    CHECK(held({guarding("/admin/")}, "/admin/") == "/admin/");
    CHECK(held({guarding("/admin/")}, "/admin/a/b") == "/admin/");
    CHECK(held({guarding("/admin/")}, "/administration").empty());
    CHECK(held({guarding("/")}, "/") == "/");
    CHECK(held({guarding("/admin")}, "/admin/a").empty());
    CHECK(held({guarding("/admin")}, "/admin/") == "/admin");
    CHECK(held({opening("/health")}, "/health/").empty());
}

TEST_CASE("the longest path wins, then the rule that names the method") {
    const std::vector rules{opening("/public/"), guarding("/public/admin/"), guarding("/api/"),
                            guarding("/api/", {"POST"})};
    CHECK(held(rules, "/public/a") == "/public/");
    CHECK(held(rules, "/public/admin/a") == "/public/admin/");
    policies::gateway_entry entry;
    entry.rules = rules;
    CHECK(rule_for(entry, read_path("/api/x"), "POST")->methods.size() == 1);
    CHECK(rule_for(entry, read_path("/api/x"), "DELETE")->methods.empty());
}

TEST_CASE("an open rule opens nothing that is not written there letter by letter") {
    const std::vector rules{opening("/public/"), guarding("/public/admin/")};
    for (const auto* closed :
         {"/PUBLIC/a", "//public/a", "/public//a", "/public/a;x=1", "/public;x/a", "/public./a",
          "/admin?x=/public/", "/admin%23/public/", "/admin/public/", "/public/a."}) {
        CAPTURE(closed);
        CHECK(held(rules, closed).empty());
    }
    CHECK(held(rules, "/public//admin/a") == "/public/admin/");
    CHECK(held(rules, "/PUBLIC/Admin;x/a") == "/public/admin/");
    CHECK(held(rules, "/public/Datei.CSS") == "/public/");
}

TEST_CASE("HEAD counts as GET, and a method's case does not open or close") {
    const std::vector rules{guarding("/bericht/", {"GET"}), opening("/frei/", {"GET"})};
    CHECK(held(rules, "/bericht/a", "HEAD") == "/bericht/");
    CHECK(held(rules, "/bericht/a", "get") == "/bericht/");
    CHECK(held(rules, "/bericht/a", "POST").empty());
    CHECK(held(rules, "/frei/a", "HEAD") == "/frei/");
    CHECK(held(rules, "/frei/a", "POST").empty());
}
