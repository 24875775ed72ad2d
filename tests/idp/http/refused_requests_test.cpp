#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "tests/idp/http/live_server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kommpass;
using idp::http::method;

namespace {

struct refused {
    const char* what;
    std::string bytes;
    unsigned status;
};

const std::string host = "Host: h\r\n";

const std::vector<refused> table{
    {"no HTTP at all", "\x16\x03\x01\x02", 400},
    {"a request line without version", "GET /\r\n\r\n", 400},
    {"another protocol's version", "GET / HTTP/2.0\r\n" + host + "\r\n", 400},
    {"a lower-case version", "GET / http/1.1\r\n" + host + "\r\n", 400},
    {"two spaces in the request line", "GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
    {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
    {"a bare carriage return", "GET / HTTP/1.1\r\nX: a\rb\r\n" + host + "\r\n", 400},
    {"an unknown method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 501},
    {"CONNECT", "CONNECT h:443 HTTP/1.1\r\n" + host + "\r\n", 501},
    {"TRACE", "TRACE / HTTP/1.1\r\n" + host + "\r\n", 405},
    {"QUERY", "QUERY / HTTP/1.1\r\n" + host + "\r\n", 405},
    {"an asterisk for GET", "GET * HTTP/1.1\r\n" + host + "\r\n", 400},
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400},
    {"a folded line", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400},
    {"white space before the colon", "GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n", 400},
    {"a header line without colon", "GET / HTTP/1.1\r\n" + host + "X\r\n\r\n", 400},
    {"an empty header name", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400},
    {"a NUL in a value", "GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400},
    {"a control character in a value", "GET / HTTP/1.1\r\n" + host + "X: a\x01\r\n\r\n", 400},
    {"a control character in a name", "GET / HTTP/1.1\r\n" + host + "X\x7f: a\r\n\r\n", 400},
    {"two lengths",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400},
    {"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\na", 400},
    {"a signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\na", 400},
    {"a negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\na", 400},
    {"a length of no number", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x1\r\n\r\na", 400},
    {"a length beyond 64 bits",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\na", 400},
    {"length and chunks",
     "POST / HTTP/1.1\r\n" + host +
         "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"chunks and length",
     "POST / HTTP/1.1\r\n" + host +
         "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
     400},
    {"gzip as a transfer encoding",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 400},
    {"gzip before chunked",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
    {"two transfer encodings",
     "POST / HTTP/1.1\r\n" + host +
         "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"an obscured transfer encoding",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
    {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"a chunk size of no number",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
    {"a chunk longer than its size",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400},
    {"a chunk size beyond 64 bits",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
    {"a huge chunk",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n", 413},
    {"a bad percent sequence", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", 400},
    {"an encoded NUL", "GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"dots", "GET /a/../b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"encoded dots", "GET /%2e%2e/b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"invalid UTF-8 in the path", "GET /%ff HTTP/1.1\r\n" + host + "\r\n", 400},
    {"raw bytes in the path", "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"a fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"an expectation we do not know", "GET / HTTP/1.1\r\n" + host + "Expect: a-miracle\r\n\r\n",
     417},
    {"a long target", "GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"a long header", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(17'000, 'a') + "\r\n\r\n",
     431},
    {"a large body", "POST / HTTP/1.1\r\n" + host + "Content-Length: 65537\r\n\r\n", 413},
};

std::string many_headers() {
    std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 101; ++i) bytes += "X: y\r\n";
    return bytes + "\r\n";
}

void add_root(tests::live_server& server) {
    server.routes.add_immediate({method::get, method::post}, "/", [](const idp::http::request&) {
        return idp::http::json(200, "{}");
    });
}

}  // namespace

TEST_CASE("what is no proper request is refused, the connection closed, and the server goes on") {
    tests::live_server server;
    add_root(server);
    server.start();

    for (const auto& one : table) {
        CAPTURE(one.what);
        tests::raw_client client(server.port());
        client.send(one.bytes);
        const auto answer = client.read();
        REQUIRE(answer);
        CHECK(answer->status == one.status);
        CHECK(answer->header("Connection") == "close");
        CHECK(answer->header("X-Request-Id").size() == 18);
        client.end_sending();
        CHECK(client.is_closed());
        CHECK(server.ask(tests::get("/")).status == 200);
    }
}

TEST_CASE("more than a hundred header lines are refused") {
    tests::live_server server;
    add_root(server);
    server.start();

    CHECK(server.ask(many_headers()).status == 431);
}

TEST_CASE("a client that is refused in the middle of its body gets to read why") {
    tests::live_server server;
    add_root(server);
    server.start();
    tests::raw_client client(server.port());

    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n");
    client.send(std::string(500'000, 'b'));

    const auto answer = client.read();
    REQUIRE(answer);
    CHECK(answer->status == 413);
}

TEST_CASE("a refused request smuggles no second one in") {
    tests::live_server server;
    add_root(server);
    server.start();
    tests::raw_client client(server.port());

    client.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n" +
        tests::get("/"));

    CHECK(client.read()->status == 400);
    client.end_sending();
    CHECK(client.is_closed());
}

TEST_CASE("a refusal is told in the words of who was asked, however little of it could be read") {
    tests::live_options options;
    options.on_error = [](const idp::http::request& asked, unsigned status) {
        return idp::http::json(status, asked.path);
    };
    tests::live_server server(std::move(options));
    add_root(server);
    server.routes.add_immediate({method::put}, "/api/", [](const idp::http::request&) {
        return idp::http::json(200, "{}");
    });
    server.start();
    const auto path_told = [&](const std::string& line, const std::string& rest = {}) {
        return server.ask(line + " HTTP/1.1\r\n" + host + rest + "\r\n").body;
    };

    CHECK(path_told("GET /api/%00") == "/api/");
    CHECK(path_told("GET /api/a%2fb") == "/api/");
    CHECK(path_told("BREW /api/tea") == "/api/tea");
    CHECK(path_told("TRACE /api/tea") == "/api/tea");
    CHECK(path_told("GET /api/" + std::string(17'000, 'a')) == "/api/");
    CHECK(path_told("GET /api/x", "X: " + std::string(17'000, 'a') + "\r\n") == "/api/");
    CHECK(path_told("GET /api/x", "X : a\r\n") == "/api/x");
    CHECK(path_told("POST /api/x", "Content-Length: 65537\r\n") == "/api/x");
    // Of the request before it on the same connection nothing is told.
    tests::raw_client client(server.port());
    client.send("GET / HTTP/1.1\r\n" + host + "\r\n");
    REQUIRE(client.read());
    client.send("\x16\x03\x01\x02");
    CHECK(client.read()->body.empty());
}

TEST_CASE("a method that a path does not have is refused with those that it has, TRACE as well") {
    tests::live_server server;
    add_root(server);
    server.start();

    for (const auto* one : {"TRACE", "QUERY", "PUT", "OPTIONS"}) {
        const auto answer = server.ask(std::string(one) + " / HTTP/1.1\r\n" + host + "\r\n");
        CHECK(answer.status == 405);
        CHECK(answer.header("Allow") == "GET, HEAD, POST");
    }
}
