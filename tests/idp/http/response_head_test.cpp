#include "idp/http/response_head.hpp"

#include <doctest/doctest.h>

using namespace kommpass::idp::http;

namespace {

std::string head_of(const response& answer, persistence after = persistence::kept) {
    std::string out = "what was there before";
    write_head(out, answer, security_headers(true), "Sun, 06 Nov 1994 08:49:37 GMT", "ID1", after);
    return out;
}

bool has_line(const std::string& head, const std::string& line) {
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a page gets the strict set of security headers") {
    const auto head = head_of(html(200, "<p>"));

    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(has_line(head,
                   "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' "
                   "data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
                   "'self'"));
    CHECK(has_line(head, "Cache-Control: no-store"));
    CHECK(has_line(head, "X-Content-Type-Options: nosniff"));
    CHECK(has_line(head, "Referrer-Policy: no-referrer"));
    CHECK(has_line(head, "Strict-Transport-Security: max-age=31536000"));
    CHECK(has_line(head, "Content-Length: 3"));
    CHECK(has_line(head, "X-Request-Id: ID1"));
    CHECK(head.find("Server:") == std::string::npos);
}

TEST_CASE("a page's policy names its form target and its one script, and nothing else") {
    auto page = html(200, "");
    page.form_action = "'self' https://rp.example/a;b,c";
    page.script_hash = "sha256-abc=";

    CHECK(head_of(page).find("form-action 'self' https://rp.example/a%3Bb%2Cc; script-src "
                             "'sha256-abc='\r\n") != std::string::npos);
}

TEST_CASE("an API answer is never stored, a cacheable one as it says") {
    const auto api = head_of(json(200, "{}"));
    CHECK(has_line(api, "Cache-Control: no-store"));
    CHECK(has_line(api, "Pragma: no-cache"));
    CHECK(has_line(api, "Content-Type: application/json"));
    CHECK(api.find("Content-Security-Policy") == std::string::npos);

    response keys;
    keys.kind = answer_kind::cacheable;
    keys.cache_control = "public, max-age=300";
    CHECK(has_line(head_of(keys), "Cache-Control: public, max-age=300"));
    CHECK(head_of(keys).find("no-store") == std::string::npos);
}

TEST_CASE("answers without content have neither length nor body") {
    response none = json(204, "ignored");

    CHECK(head_of(none).find("Content-Length") == std::string::npos);
    CHECK(body_of(none).empty());
}

TEST_CASE("the connection header tells what happens next where the client must be told") {
    CHECK(head_of({}).find("Connection") == std::string::npos);
    CHECK(has_line(head_of({}, persistence::closed), "Connection: close"));
    CHECK(has_line(head_of({}, persistence::kept_as_asked), "Connection: keep-alive"));
}

TEST_CASE("an answer that could write headers of its own is unsafe") {
    CHECK(is_safe(see_other("https://rp.example/cb?x=1")));
    for (const auto* bad : {"a\rb", "a\nb", "a\r\nSet-Cookie: x=y"}) {
        CHECK_FALSE(is_safe(see_other(bad)));
        response in_type = json(200, "");
        in_type.content_type = bad;
        CHECK_FALSE(is_safe(in_type));
        response in_policy = html(200, "");
        in_policy.form_action = bad;
        CHECK_FALSE(is_safe(in_policy));
    }
    response in_name = json(200, "");
    in_name.headers.emplace_back("X: y\r\nZ", "1");
    CHECK_FALSE(is_safe(in_name));
    CHECK_FALSE(is_safe(see_other(std::string("a\0b", 3))));
}

TEST_CASE("a date is written as HTTP wants it") {
    CHECK(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}
