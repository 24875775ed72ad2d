#include "idp/http/form.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass::idp::http;

TEST_CASE("a form's parameters are decoded once, with plus as space") {
    const auto parsed = form::parse("user=anna.noack%40lebus.example&name=Anna+N%C3%B6ack&c=1%2B1");

    REQUIRE(parsed.has_value());
    CHECK(parsed->get("user") == "anna.noack@lebus.example");
    CHECK(parsed->get("name") == "Anna Nöack");
    CHECK(parsed->get("c") == "1+1");
    CHECK_FALSE(form::parse("a=%2541")->get("a") == "A");
}

TEST_CASE("a parameter without a value counts as absent") {
    const auto parsed = form::parse("state=&nonce&&scope=openid");

    REQUIRE(parsed.has_value());
    CHECK_FALSE(parsed->get("state"));
    CHECK_FALSE(parsed->get("nonce"));
    CHECK_FALSE(parsed->get("other"));
    CHECK(parsed->get("scope") == "openid");
}

TEST_CASE("a parameter that occurs twice is named, wherever its second value stands") {
    CHECK(form::parse("a=1&b=2&a=")->first_repeated() == "a");
    CHECK(form::parse("a=1&%61=2")->first_repeated() == "a");
    CHECK_FALSE(form::parse("a=1&b=1")->first_repeated());
}

TEST_CASE("a form with bad encoding is refused as a whole") {
    for (const auto* bad : {"a=%", "a=%4", "a=%zz", "a=%00", "%ff=1", "a=%c3%28", "a=\xff",
                            "a=%ed%a0%80", "a=%c0%80", "ok=1&a=%f4%90%80%80"}) {
        CAPTURE(bad);
        const auto parsed = form::parse(bad);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error() == form_error::malformed_encoding);
    }
    CHECK(form::parse(std::string_view("a=b\0c", 5)).has_error());
}

TEST_CASE("a form of more than 200 parameters is refused, unless more are allowed") {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "a" + std::to_string(i) + "=1&";
    CHECK(form::parse(text).has_value());

    const auto parsed = form::parse(text + "one=more");

    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == form_error::too_many_parameters);
    CHECK(form::parse(text + "one=more", 201).has_value());
    CHECK(form::parse(text + "one=more&two=more", 201).has_error());
}

TEST_CASE("a wiped form holds no value any more") {
    auto parsed = form::parse("password=geheim");
    REQUIRE(parsed.has_value());

    parsed->wipe();

    CHECK_FALSE(parsed->get("password"));
    CHECK(parsed->all().front().second.empty());
}

TEST_CASE("what is percent-encoded decodes to itself") {
    std::string all;
    for (int c = 1; c < 0x80; ++c) all += static_cast<char>(c);
    all += "ÄÖÜß łódź 😀";

    const auto parsed = form::parse("v=" + percent_encode(all));

    REQUIRE(parsed.has_value());
    CHECK(parsed->get("v") == all);
    CHECK(percent_encode("a b/ü~") == "a%20b%2F%C3%BC~");
}

TEST_CASE("parameters are appended to a URI with the separator that it needs") {
    CHECK(with_query("https://rp.example/cb", {{"code", "a b"}, {"state", "x&y"}}) ==
          "https://rp.example/cb?code=a%20b&state=x%26y");
    CHECK(with_query("https://rp.example/cb?k=v", {{"code", "1"}}) ==
          "https://rp.example/cb?k=v&code=1");
    CHECK(with_query("https://rp.example/cb?", {{"code", "1"}}) == "https://rp.example/cb?code=1");
    CHECK(with_query("https://rp.example/cb", {}) == "https://rp.example/cb");
}
