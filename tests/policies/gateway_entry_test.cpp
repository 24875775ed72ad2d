#include "policies/validate_gateway.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

gateway_entry& gate(registry& all) { return all.applications.at(application_key("dms")).gateway; }

void make_gate(registry& all) {
    auto& made = gate(all);
    made.hosts = {"akten.example.org", "akten.example.org:8443"};
    made.headers.assertion = "Kommpass-Assertion";
    made.headers.format = header_format::rfc2047;
    made.rules = {
        {.path = "/public/", .open = true},
        {.path = "/admin/", .methods = {"GET", "POST"}, .roles = {role_name("dms.rolle0")}}};
}

// Whether a mistake with these words is named, for a change of a gateway that was right before.
bool refused(const char* words, void (*change)(registry&)) {
    auto all = example_registry();
    make_gate(all);
    REQUIRE(compile(all, 1).has_value());
    change(all);
    const auto made = compile(std::move(all), 1);
    if (made) return false;
    const auto wrong = made.error();
    return std::any_of(wrong.begin(), wrong.end(), [&](const auto& one) {
        return one.to_string().find(words) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a gateway is written as it is read, and its rules stand each by its path") {
    auto all = example_registry();
    make_gate(all);
    const auto files = write_registry(all);
    const auto again = read_registry(files);
    REQUIRE(again.has_value());
    CHECK(*again == all);
    const auto before = example_registry();
    const auto lines = difference(before, all);
    const auto has = [&](const char* line) {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    };
    CHECK(has("applications/dms: + gateway_rule \"/public/\": open = true"));
    CHECK(has("applications/dms: + gateway: header_format = \"rfc2047\""));
}

TEST_CASE("no application's entry takes the host of another one") {
    CHECK(refused("host \"akten.example.org\" belongs to application", [](registry& r) {
        for (auto& [key, one] : r.applications) one.gateway.hosts = {"akten.example.org"};
    }));
    CHECK(refused("is named twice", [](registry& r) {
        gate(r).hosts = {"akten.example.org", "akten.example.org"};
    }));
}

TEST_CASE("a host is what a browser says, so that nothing else is ever taken for it") {
    for (const auto* host : {"akten.example.org", "xn--bcher-kva.example", "a.example:8443"})
        CHECK(is_gateway_host(host));
    for (const auto* host :
         {"Akten.example.org", "akten", "*.example.org", "bücher.example", "akten.example.org.",
          "akten.example.org:443", "akten.example.org:0", "akten.example.org:99999",
          "akten.example.org:", "a.example:08443", "https://akten.example.org",
          "akten.example.org/x", "a@b.example", "", ":8443", "[::1]"}) {
        CAPTURE(std::string(host));
        CHECK_FALSE(is_gateway_host(host));
    }
}

TEST_CASE("an identity stands in no header that means something else, nor in one with an alias") {
    for (const auto* name : {"Remote-User", "X-Auth-Request-User", "Kommpass-Assertion"})
        CHECK(is_identity_header(name));
    for (const auto* name : {"Remote_User", "Remote.User", "Cookie", "authorization", "HOST",
                             "X-Forwarded-For", "Sec-Fetch-Mode", "Content-Length", "Set-Cookie",
                             "Remote User", "Remote-User:", "-User", "", "Rémote"}) {
        CAPTURE(name);
        CHECK_FALSE(is_identity_header(name));
    }
    CHECK(refused("stands for two things",
                  [](registry& r) { gate(r).headers.name = "remote-USER"; }));
}

TEST_CASE("a rule's path reads the same to everybody") {
    for (const auto* path : {"/", "/public/", "/health", "/a-b_c/~d", "/.well-known/x"})
        CHECK(is_rule_path(path));
    for (const auto* path : {"", "public", "//", "/a//b", "/a/../b", "/a/./b", "/a.", "/a%20b",
                             "/a;b", "/a?b", "/a#b", "/a*", "/a b", "/ä", "\\a", "/a\\b"}) {
        CAPTURE(path);
        CHECK_FALSE(is_rule_path(path));
    }
}

TEST_CASE("a rule demands something that there is, or opens, and not both") {
    CHECK(refused("unknown role \"meso.wahlen\"",
                  [](registry& r) { gate(r).rules[1].roles = {role_name("meso.wahlen")}; }));
    CHECK(refused("open to everybody and yet", [](registry& r) { gate(r).rules[1].open = true; }));
    CHECK(refused("demands nothing", [](registry& r) { gate(r).rules[0].open = false; }));
    CHECK(refused("is no method", [](registry& r) { gate(r).rules[0].methods = {"get"}; }));
    CHECK(refused("stands there already", [](registry& r) {
        gate(r).rules[0].path = "/ADMIN/";
        gate(r).rules[0].methods = {"POST"};
    }));
    CHECK(refused("no [gateway] with hosts", [](registry& r) { gate(r).hosts.clear(); }));
    CHECK(refused("the path must be plain", [](registry& r) { gate(r).rules[0].path = "/a/../"; }));
}
