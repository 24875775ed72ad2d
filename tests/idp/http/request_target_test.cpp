#include "idp/http/request_target.hpp"
#include "config/vocabulary/utf8.hpp"

#include <doctest/doctest.h>

using namespace kommpass::idp::http;
using kommpass::is_utf8;

TEST_CASE("a target is split into the decoded path and the raw query") {
    const auto target = parse_request_target("/konto/%C3%A4?a=%20&b=?");

    REQUIRE(target);
    CHECK(target->path == "/konto/ä");
    CHECK(target->query == "a=%20&b=?");
}

TEST_CASE("an absolute target is read without its authority") {
    CHECK(parse_request_target("https://idp.example:8443/jwks?x")->path == "/jwks");
    CHECK(parse_request_target("HTTP://idp.example")->path == "/");
    CHECK(parse_request_target("http://[::1]?q")->query == "q");
    for (const auto* bad :
         {"ftp://idp.example/", "https:///x", "https://a@b/", "idp.example:443"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_request_target(bad));
    }
}

TEST_CASE("a path that two readers could read differently is refused") {
    for (const auto* bad :
         {"",          "jwks",  "/a/../b",  "/..",       "/a/.", "/./a",    "/%2e%2e/etc",
          "/a/%2E./b", "/%",    "/%4",      "/%zz",      "/%00", "/a%2Fb",  "/a%2fb",
          "/a%5cb",    "/a\\b", "/%2525",   "/a%0d%0ab", "/%ff", "/%c0%af", "/\xc3\xa4",
          "/a#b",      "/a b",  "/a?b\x7f", "/a?b#c"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_request_target(bad));
    }
    CHECK(parse_request_target("/.well-known/openid-configuration"));
    CHECK(parse_request_target("/..a/a..")->path == "/..a/a..");
}

TEST_CASE("UTF-8 is told from what only looks like it") {
    for (const auto* good :
         {"", "abcdefghijk", "ä", "€uro", "😀", "abcdefghä", "\xf4\x8f\xbf\xbf"}) {
        CAPTURE(good);
        CHECK(is_utf8(good));
    }
    for (const auto* bad : {"\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe2\x82",
                            "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80", "\xff", "abcdefgh\xe4", "ab\xc3(cdefghij"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_utf8(bad));
    }
}
