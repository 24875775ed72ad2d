#include "idp/http/cookie.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace kommpass::idp::http;

namespace {

request with_cookies(std::initializer_list<std::string> headers) {
    request made;
    for (const auto& value : headers) made.headers.emplace_back("cookie", value);
    return made;
}

}  // namespace

TEST_CASE("cookies are found by their name in every Cookie header") {
    const auto asked = with_cookies({"a=1; __Host-kommpass-session=abc", "b=2;c=3"});
    const cookies sent(asked);

    CHECK(sent.get("a") == "1");
    CHECK(sent.get("__Host-kommpass-session") == "abc");
    CHECK(sent.get("b") == "2");
    CHECK(sent.get("c") == "3");
    CHECK_FALSE(sent.get("d"));
    CHECK_FALSE(sent.get("A"));
}

TEST_CASE("a cookie that occurs twice counts as absent") {
    const auto asked = with_cookies({"s=planted; s=real", "t=1", "t=1"});
    const cookies sent(asked);

    CHECK_FALSE(sent.get("s"));
    CHECK_FALSE(sent.get("t"));
}

TEST_CASE("what is no well-formed cookie is skipped, and the others are read") {
    const auto asked = with_cookies({"; =x; noequals; a b=1; q=\"quoted\"; s=a,b; ok=yes; e="});
    const cookies sent(asked);

    CHECK(sent.get("ok") == "yes");
    CHECK(sent.get("e") == "");
    for (const auto* name : {"", "noequals", "a b", "q", "s"}) CHECK_FALSE(sent.get(name));
}

TEST_CASE("no more than 64 cookies are read") {
    std::string many;
    for (int i = 0; i < 64; ++i) many += "c" + std::to_string(i) + "=1; ";
    const auto asked = with_cookies({many + "last=1"});
    const cookies sent(asked);

    CHECK(sent.get("c63") == "1");
    CHECK_FALSE(sent.get("last"));
}

TEST_CASE("a host cookie carries every attribute that its prefix demands") {
    CHECK(host_cookie("__Host-s", "v1") == "__Host-s=v1; Path=/; Secure; HttpOnly; SameSite=Lax");
    CHECK(host_cookie("__Host-s", "", std::chrono::seconds(0)) ==
          "__Host-s=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST_CASE("a cookie that could write attributes of its own is not built") {
    CHECK_THROWS_AS(host_cookie("__Host-s", "a; Domain=evil"), std::invalid_argument);
    CHECK_THROWS_AS(host_cookie("__Host-s", "a\r\nX: y"), std::invalid_argument);
    CHECK_THROWS_AS(host_cookie("__Host-a b", "a"), std::invalid_argument);
    CHECK_THROWS_AS(host_cookie("session", "a"), std::invalid_argument);
}
