#include "idp/http/request_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>

using namespace kommpass::idp::http;
using step = request_reader::step;

namespace {

constexpr request_bounds bounds{1024, 2048};

// Hands over bytes as a socket would, at most `piece` at a time, until the reader has an opinion.
step feed(request_reader& reader, std::string_view bytes, std::size_t piece = 1'000'000) {
    auto now = reader.advance();
    while (now == step::need_more && !bytes.empty()) {
        const auto space = reader.free_space();
        REQUIRE_FALSE(space.empty());
        const auto taken = std::min({piece, space.size(), bytes.size()});
        std::memcpy(space.data(), bytes.data(), taken);
        reader.arrived(taken);
        bytes.remove_prefix(taken);
        now = reader.advance();
    }
    return now;
}

const std::string post =
    "POST /token?x=1 HTTP/1.1\r\nHost: idp.example\r\nContent-Length: 5\r\nX-Two: a\r\nX-Two: "
    "b\r\n\r\nhello";
const std::string chunked =
    "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
    "chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0"
    "\r\nHost: trailer\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n";

}  // namespace

TEST_CASE("a request is read the same, however it is cut into pieces") {
    for (std::size_t piece = 1; piece <= post.size(); ++piece) {
        CAPTURE(piece);
        request_reader reader(bounds);

        REQUIRE(feed(reader, post, piece) == step::complete);

        const auto& got = reader.current();
        CHECK(got.method == method::post);
        CHECK(got.path == "/token");
        CHECK(got.query == "x=1");
        CHECK(got.header("host") == "idp.example");
        CHECK(got.body == "hello");
        CHECK_FALSE(got.header("x-two"));
        CHECK(got.occurs_twice("x-two"));
        CHECK(reader.keep_alive());
    }
}

TEST_CASE("a chunked body is put together, and its trailer is no header") {
    for (std::size_t piece = 1; piece <= chunked.size(); ++piece) {
        CAPTURE(piece);
        request_reader reader(bounds);

        REQUIRE(feed(reader, chunked, piece) == step::complete);

        CHECK(reader.current().body == "abcde");
        CHECK(reader.current().header("host") == "h");
        CHECK_FALSE(reader.current().header("x-forwarded-for"));
    }
}

TEST_CASE("requests that arrive together are handed out one after the other") {
    request_reader reader(bounds);
    const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\nCookie: s=1\r\n\r\n";

    REQUIRE(feed(reader, get + post + chunked + get) == step::complete);
    CHECK(reader.current().path == "/a");
    reader.next_request();
    REQUIRE(reader.advance() == step::complete);
    CHECK(reader.current().body == "hello");
    CHECK_FALSE(reader.current().header("cookie"));
    reader.next_request();
    REQUIRE(reader.advance() == step::complete);
    CHECK(reader.current().body == "abcde");
    reader.next_request();
    REQUIRE(reader.advance() == step::complete);
    CHECK(reader.current().path == "/a");
    CHECK(reader.current().body.empty());
    reader.next_request();
    CHECK(reader.advance() == step::need_more);
    CHECK_FALSE(reader.has_begun());
}

TEST_CASE("empty lines before a request are skipped") {
    request_reader reader(bounds);

    CHECK(feed(reader, "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 1) == step::complete);
}

TEST_CASE("the bounds are exact") {
    const std::string line = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    const auto fitting =
        line + std::string(bounds.header_bytes - line.size() - 4, 'x') + "\r\n\r\n";
    REQUIRE(fitting.size() == bounds.header_bytes);
    request_reader at_bound(bounds);
    CHECK(feed(at_bound, fitting, 100) == step::complete);
    request_reader over_bound(bounds);
    CHECK(feed(over_bound, line + "x" + fitting.substr(line.size()), 100) == step::refused);
    CHECK(over_bound.refusal() == 431);

    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";
    request_reader full_body(bounds);
    CHECK(feed(full_body, head + "2048\r\n\r\n" + std::string(2048, 'b')) == step::complete);
    CHECK(full_body.current().body.size() == 2048);
    request_reader too_large(bounds);
    CHECK(feed(too_large, head + "2049\r\n\r\n") == step::refused);
    CHECK(too_large.refusal() == 413);
}

TEST_CASE("a chunked body is bounded as a whole, and so are its chunk lines") {
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string kilobyte = "400\r\n" + std::string(1024, 'b') + "\r\n";
    request_reader too_large(bounds);
    CHECK(feed(too_large, head + kilobyte + kilobyte + "1\r\nb\r\n0\r\n\r\n", 700) ==
          step::refused);
    CHECK(too_large.refusal() == 413);

    request_reader endless_line(bounds);
    CHECK(feed(endless_line, head + "1;" + std::string(10'000, 'x')) == step::refused);
    CHECK(endless_line.refusal() == 400);
    request_reader endless_trailer(bounds);
    CHECK(feed(endless_trailer, head + "0\r\nX: " + std::string(10'000, 'x')) == step::refused);
}

TEST_CASE("a target that does not end is refused as such") {
    request_reader reader(bounds);

    CHECK(feed(reader, "GET /" + std::string(2000, 'a')) == step::refused);
    CHECK(reader.refusal() == 414);
}

TEST_CASE("a client that waits for leave to send its body is given it once") {
    request_reader reader(bounds);
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";

    REQUIRE(feed(reader, head) == step::send_continue);
    CHECK(feed(reader, "ab") == step::complete);
    reader.next_request();
    CHECK(feed(reader, head + "ab") == step::complete);
}

TEST_CASE("a request carries nothing of the one before") {
    request_reader reader(bounds);
    REQUIRE(feed(reader,
                 "POST /a?q HTTP/1.1\r\nHost: h\r\nAuthorization: Basic x\r\nA: 1\r\nB: "
                 "2\r\nContent-Length: 1\r\n\r\nb") == step::complete);
    reader.next_request();

    REQUIRE(feed(reader, "GET / HTTP/1.0\r\n\r\n") == step::complete);

    const auto& got = reader.current();
    CHECK(got.path == "/");
    CHECK(got.query.empty());
    CHECK(got.body.empty());
    CHECK(got.headers.empty());
    CHECK(reader.is_http_1_0());
    CHECK_FALSE(reader.keep_alive());
}
