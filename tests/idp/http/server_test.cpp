#include "tests/idp/http/live_server.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/http/server.hpp"
#include "idp/observe/log.hpp"
#include "tests/support/turned_clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace kommpass;
using idp::http::method;
using idp::http::request;
using idp::http::response;

namespace {

response echo(const request& asked) {
    response answer;
    answer.content_type = "text/plain";
    answer.body = std::string(to_string(asked.method)) + " " + asked.path + " " + asked.query +
                  " " + asked.body;
    return answer;
}

boost::asio::awaitable<response> echo_later(const request& asked) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return echo(asked);
}

boost::asio::awaitable<response> fail_later(const request&) {
    co_await boost::asio::this_coro::executor;
    throw std::runtime_error("a bug");
}

class ready_server : public tests::live_server {
public:
    explicit ready_server(tests::live_options options = {}) : live_server(std::move(options)) {
        routes.add_immediate({method::get, method::post}, "/now", echo);
        routes.add({method::get, method::post}, "/later", echo_later);
        routes.add({method::get}, "/fails", fail_later);
        routes.add_immediate({method::get}, "/fails-now", [](const request&) -> response {
            throw std::runtime_error("another bug");
        });
        routes.add_immediate({method::get}, "/redirect", [](const request& asked) {
            return idp::http::see_other(asked.query.empty() ? "/\r\nSet-Cookie: planted=1" : "/ok");
        });
        routes.add_immediate({method::get, method::post}, "/open", echo, {.cors = true});
        start();
    }
};

const std::string post_now = "POST /now?q HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";

}  // namespace

TEST_CASE("a connection serves one request after the other") {
    ready_server server;
    tests::raw_client client(server.port());

    for (int i = 0; i < 3; ++i) {
        client.send(tests::get("/now"));
        CHECK(client.read()->body == "GET /now  ");
        client.send(post_now);
        CHECK(client.read()->body == "POST /now q body");
        client.send(tests::get("/later?x"));
        CHECK(client.read()->body == "GET /later x ");
    }
}

TEST_CASE("pipelined requests are answered in their order") {
    ready_server server;
    tests::raw_client client(server.port());
    std::string all;
    for (int i = 0; i < 50; ++i) {
        all += tests::get((i % 2 == 0 ? "/later?" : "/now?") + std::to_string(i)) + post_now;
    }

    client.send(all);

    for (int i = 0; i < 50; ++i) {
        const auto expected = " " + std::to_string(i) + " ";
        CHECK(client.read()->body.ends_with(expected));
        CHECK(client.read()->body == "POST /now q body");
    }
}

TEST_CASE("HEAD is answered as GET, without the body") {
    ready_server server;
    tests::raw_client client(server.port());

    client.send("HEAD /now HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.read(true);

    CHECK(answer->status == 200);
    CHECK(answer->header("Content-Length") == "11");
    client.send(tests::get("/now"));
    CHECK(client.read()->body == "GET /now  ");
}

TEST_CASE("the connection ends when the client asks for it") {
    ready_server server;
    tests::raw_client client(server.port());

    client.send("GET /now HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    CHECK(client.read()->header("Connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("HTTP/1.0 is answered and closed, or kept where it asks for that") {
    ready_server server;
    tests::raw_client closed(server.port());
    closed.send("GET /now HTTP/1.0\r\n\r\n");
    CHECK(closed.read()->status == 200);
    CHECK(closed.is_closed());

    tests::raw_client kept(server.port());
    for (int i = 0; i < 2; ++i) {
        kept.send("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(kept.read()->header("Connection") == "keep-alive");
    }
}

TEST_CASE("a body may come in chunks, and a client may wait for leave to send it") {
    ready_server server;
    tests::raw_client client(server.port());

    client.send(
        "POST /now HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: "
        "100-continue\r\n\r\n");
    CHECK(client.read()->status == 100);
    client.send("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");

    CHECK(client.read()->body == "POST /now  abc");
}

TEST_CASE("an absolute target and an encoded path reach their route") {
    ready_server server;

    CHECK(server.ask(tests::get("https://idp.example/now?a")).body == "GET /now a ");
    CHECK(server.ask(tests::get("/%6eow")).body == "GET /now  ");
}

TEST_CASE("an unknown path is 404, a known one with another method 405 with Allow") {
    ready_server server;

    CHECK(server.ask(tests::get("/nowhere")).status == 404);
    const auto answer = server.ask("DELETE /now HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.status == 405);
    CHECK(answer.header("Allow") == "GET, HEAD, POST");
    CHECK(server.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status == 404);
}

TEST_CASE(
    "an exception in a handler is a 500 page with a request id, logged, and the server goes on") {
    ready_server server;
    tests::raw_client client(server.port());

    for (const auto* path : {"/fails", "/fails-now"}) {
        client.send(tests::get(path));
        const auto answer = client.read();
        REQUIRE(answer);
        CHECK(answer->status == 500);
        CHECK(answer->body.find(answer->header("X-Request-Id")) != std::string::npos);
        CHECK(answer->body.find("bug") == std::string::npos);
        CHECK(server.logged().find("event=http.handler_failed request=" +
                                   answer->header("X-Request-Id")) != std::string::npos);
    }
    client.send(tests::get("/now"));
    CHECK(client.read()->status == 200);
    CHECK(server.logged().find("a bug") != std::string::npos);
}

TEST_CASE("an answer with a line break in a header is not sent") {
    ready_server server;

    const auto answer = server.ask(tests::get("/redirect"));

    CHECK(answer.status == 500);
    CHECK(answer.head.find("planted") == std::string::npos);
    CHECK(server.logged().find("event=http.unsafe_answer") != std::string::npos);
    CHECK(server.ask(tests::get("/redirect?ok")).header("Location") == "/ok");
}

TEST_CASE("any origin may read an open route, and no other") {
    ready_server server;

    const auto preflight = server.ask(
        "OPTIONS /open HTTP/1.1\r\nHost: h\r\nOrigin: https://rp\r\n"
        "Access-Control-Request-Method: POST\r\n\r\n");
    CHECK(preflight.status == 204);
    CHECK(preflight.header("Access-Control-Allow-Origin") == "*");
    CHECK(preflight.header("Access-Control-Allow-Methods") == "GET, HEAD, POST");
    CHECK(server.ask(tests::get("/open")).header("Access-Control-Allow-Origin") == "*");

    CHECK(server.ask("OPTIONS /now HTTP/1.1\r\nHost: h\r\n\r\n").status == 405);
    CHECK(server.ask(tests::get("/now")).header("Access-Control-Allow-Origin").empty());
}

TEST_CASE("an unchanged document is not sent again") {
    tests::live_server server;
    server.routes.add_immediate({method::get}, "/jwks", [](const request&) {
        response answer;
        answer.kind = idp::http::answer_kind::cacheable;
        answer.cache_control = "public, max-age=300";
        answer.content_type = "application/json";
        answer.body = "{}";
        answer.headers.emplace_back("ETag", "\"v1\"");
        return answer;
    });
    server.start();
    const auto ask = [&](const std::string& condition) {
        return server.ask("GET /jwks HTTP/1.1\r\nHost: h\r\nIf-None-Match: " + condition +
                          "\r\n\r\n");
    };

    CHECK(ask("\"v0\", W/\"v1\"").status == 304);
    CHECK(ask("*").status == 304);
    CHECK(ask("\"v1\"").body.empty());
    CHECK(ask("\"v2\"").body == "{}");
}

TEST_CASE("every answer has a request id of its own") {
    ready_server server;
    std::set<std::string> ids;
    tests::raw_client client(server.port());

    for (int i = 0; i < 100; ++i) {
        client.send(tests::get(i % 2 == 0 ? "/now" : "/nowhere"));
        ids.insert(client.read()->header("X-Request-Id"));
    }

    CHECK(ids.size() == 100);
}

TEST_CASE("errors of the server's own are rendered by whoever was named for that") {
    tests::live_options options;
    options.on_error = [](const request& asked, unsigned status) {
        if (status == 405) throw std::runtime_error("no page");
        return idp::http::html(200, "<h1>" + std::to_string(status) + "</h1>" + asked.id);
    };
    ready_server server(std::move(options));

    const auto missing = server.ask(tests::get("/nowhere"));
    CHECK(missing.status == 404);
    CHECK(missing.body == "<h1>404</h1>" + missing.header("X-Request-Id"));
    CHECK(missing.header("Content-Security-Policy").starts_with("default-src 'none'"));
    CHECK(server.ask("rubbish\r\n\r\n").body.starts_with("<h1>400</h1>"));
    CHECK(server.ask(tests::get("/fails")).body.starts_with("<h1>500</h1>"));
    CHECK(server.ask("DELETE /now HTTP/1.1\r\nHost: h\r\n\r\n").status == 405);
}

TEST_CASE("the page for a refused request knows nothing of the request before it") {
    tests::live_options options;
    options.on_error = [](const request& asked, unsigned status) {
        return idp::http::html(
            status, "language=" + std::string(asked.header("accept-language").value_or("none")) +
                        " path=" + asked.path);
    };
    ready_server server(std::move(options));
    tests::raw_client client(server.port());
    client.send("GET /now HTTP/1.1\r\nHost: h\r\nAccept-Language: dsb\r\n\r\n");
    CHECK(client.read()->status == 200);

    client.send("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n");

    CHECK(client.read()->body == "language=none path=/");
}

TEST_CASE("a large answer arrives whole") {
    tests::live_server server;
    const auto large = std::make_shared<const std::string>(8'000'000, 'x');
    server.routes.add_immediate({method::get}, "/large", [large](const request&) {
        response answer;
        answer.content_type = "text/plain";
        answer.fixed_body = large;
        return answer;
    });
    server.start();
    tests::raw_client client(server.port());

    client.send(tests::get("/large") + tests::get("/large"));

    CHECK(client.read()->body == *large);
    CHECK(client.read()->body == *large);
}

TEST_CASE("each answered request is told of once, with its route") {
    std::mutex mutex;
    std::string told;
    tests::live_options options;
    options.observer = [&](const idp::http::answered& one) {
        const std::lock_guard lock(mutex);
        told += (one.route != nullptr ? one.route->path : "-") + " " + std::to_string(one.status) +
                " " + std::to_string(one.bytes) + "\n";
    };
    ready_server server(std::move(options));
    tests::raw_client client(server.port());

    client.send(tests::get("/now"));
    CHECK(client.read()->status == 200);
    client.send(tests::get("/nowhere"));
    const auto missing = client.read();
    client.send("rubbish\r\n\r\n");
    CHECK(client.read()->status == 400);
    client.end_sending();
    CHECK(client.is_closed());

    const std::lock_guard lock(mutex);
    CHECK(told.starts_with("/now 200 10\n- 404 " + std::to_string(missing->body.size()) +
                           "\n- 400 "));
}

TEST_CASE("two services cannot share a port by accident, while threads of one can") {
    ready_server first;
    tests::live_options options;
    options.settings.listen.port = first.port();

    try {
        const tests::live_server second(options);
        FAIL("the port was given twice");
    } catch (const std::runtime_error& e) {
        CHECK(std::string(e.what()).find("127.0.0.1 port " + std::to_string(first.port())) !=
              std::string::npos);
    }
    const auto second_thread = first.listener().listen(first.io());
    CHECK(second_thread.is_open());
}

TEST_CASE("a peer behind a trusted proxy is the client that the proxy names") {
    tests::live_options options;
    options.settings.trusted_proxies = {"127.0.0.1"};
    tests::live_server server(options);
    server.routes.add_immediate({method::get}, "/who", [](const request& asked) {
        return idp::http::json(200, asked.peer.to_string());
    });
    server.start();

    CHECK(server.ask(tests::get("/who")).body == "127.0.0.1");
    CHECK(server.ask("GET /who HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 9.9.9.9, 192.0.2.1\r\n\r\n")
              .body == "192.0.2.1");
}

TEST_CASE("a server that is stopped when a tick is due does not tick on") {
    tests::turned_clock time;
    system_randomness random;
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    idp::observe::log log(config::log_format::logfmt, config::log_level::error, time, nowhere);
    config::settings settings;
    settings.issuer = "https://idp.example";
    settings.listen.port = 0;
    settings.listen.tls = false;
    settings.limit.request_timeout = std::chrono::milliseconds(100);
    const idp::http::router routes;
    boost::asio::io_context io(1);
    auto listener = std::make_shared<idp::http::shared_listener>(settings.listen, std::size_t{16});
    auto server = idp::http::server::listen(io, std::move(listener), settings, routes,
                                            {.time = time, .random = random, .log = log});
    bool done = false;
    // The tick comes due while this handler runs, and is fetched behind what `stop` posts.
    boost::asio::post(io, [&] {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(150);
        while (std::chrono::steady_clock::now() < until) {
        }
        server->stop([&] { done = true; });
    });
    io.run_for(std::chrono::seconds(5));
    CHECK(done);
    CHECK(io.stopped());
    server.reset();
    ::close(nowhere);
}
