#include "idp/http/base_path.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <doctest/doctest.h>

using namespace kommpass::idp::http;

namespace {

std::string taken_off(const char* issuer, const char* path) {
    request asked;
    asked.path = path;
    base_path(issuer).take_off(asked);
    return asked.path;
}

std::string put_on(const char* issuer, std::string body) {
    auto page = html(200, std::move(body));
    base_path(issuer).put_on(page);
    return page.body;
}

std::string led_to(const char* issuer, const char* location) {
    auto answer = see_other(location);
    base_path(issuer).put_on(answer);
    return answer.headers.front().second;
}

constexpr auto host = "https://pass.example";
constexpr auto below = "https://pass.example:8443/auth";
constexpr auto deep = "https://pass.example/stadt/pass";

}  // namespace

TEST_CASE("the issuer's path is taken off, whether a proxy has done so or not") {
    CHECK(taken_off(host, "/auth/authorize") == "/auth/authorize");
    for (const auto* path : {"/authorize", "/", "/console/persons/auth", "/authx/a"})
        CHECK(taken_off(below, path) == path);
    CHECK(taken_off(below, "/auth/authorize") == "/authorize");
    CHECK(taken_off(below, "/auth") == "/");
    CHECK(taken_off(below, "/auth/") == "/");
    CHECK(taken_off(below, "/auth/auth/authorize") == "/auth/authorize");
    CHECK(taken_off(deep, "/stadt/pass/console") == "/console");
    CHECK(taken_off(deep, "/stadt/console") == "/stadt/console");
}

TEST_CASE("metadata are found before the path and behind it (RFC 8414, 3.1)") {
    for (const auto* path : {"/.well-known/oauth-authorization-server/auth",
                             "/auth/.well-known/oauth-authorization-server",
                             "/.well-known/oauth-authorization-server"})
        CHECK(taken_off(below, path) == "/.well-known/oauth-authorization-server");
}

TEST_CASE("what leads to us leads below the path, and what leads elsewhere stays") {
    CHECK(led_to(below, "/account?x=/auth") == "/auth/account?x=/auth");
    CHECK(led_to(host, "/account") == "/account");
    for (const auto* outside : {"https://a.example/cb", "//a.example/", "de.app:/cb"})
        CHECK(led_to(below, outside) == outside);
    CHECK(
        put_on(deep,
               R"(<form method="post" action="/sign-in"><a class="x" href="/account">a</a>)") ==
        R"(<form method="post" action="/stadt/pass/sign-in"><a class="x" href="/stadt/pass/account">a</a>)");
    CHECK(put_on(below, R"(<img src="/static/a.svg"><link href="/static/b.css">)") ==
          R"(<img src="/auth/static/a.svg"><link href="/auth/static/b.css">)");
    // Texts are escaped, and no text is an address.
    for (const auto* other : {R"(<a href="https://a.example/">)", R"(<a href="#content">)",
                              "<p> href=&quot;/x&quot;</p>", R"(<input value="/console">)"})
        CHECK(put_on(below, other) == other);
}
