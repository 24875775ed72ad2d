#include "idp/http/method.hpp"
#include "idp/http/response.hpp"
#include "tests/idp/http/live_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace kommpass;
using namespace std::chrono_literals;
using idp::http::method;
using idp::http::request;
using idp::http::response;

namespace {

tests::live_options with_timeouts(std::chrono::milliseconds request_timeout,
                                  std::chrono::milliseconds idle_timeout) {
    tests::live_options options;
    options.settings.limit.request_timeout = request_timeout;
    options.settings.limit.idle_timeout = idle_timeout;
    return options;
}

void add_root(tests::live_server& server) {
    server.routes.add_immediate({method::get, method::post}, "/",
                                [](const request&) { return idp::http::json(200, "{}"); });
}

}  // namespace

TEST_CASE("a request that never becomes complete is answered with 408") {
    tests::live_server server(with_timeouts(60ms, 10s));
    add_root(server);
    server.start();

    for (const auto* part :
         {"GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbo"}) {
        CAPTURE(part);
        tests::raw_client client(server.port());
        client.send(part);
        const auto answer = client.read();
        REQUIRE(answer);
        CHECK(answer->status == 408);
        CHECK(answer->header("Connection") == "close");
        client.end_sending();
        CHECK(client.is_closed());
    }
}

TEST_CASE("a request's time runs from its first byte, however many follow") {
    tests::live_server server(with_timeouts(100ms, 10s));
    add_root(server);
    server.start();
    tests::raw_client client(server.port());

    client.send("GET / HTTP/1.1\r\nHost: h\r\n");
    // A byte now and then, until the server has had enough of it.
    std::thread drip([&] {
        for (int i = 0; i < 2'000; ++i) {
            client.send("X");
            std::this_thread::yield();
        }
    });
    const auto answer = client.read();
    drip.join();

    REQUIRE(answer);
    CHECK(answer->status == 408);
}

TEST_CASE("a connection without a request is closed without a word") {
    tests::live_server server(with_timeouts(60ms, 60ms));
    add_root(server);
    server.start();
    tests::raw_client fresh(server.port());
    CHECK(fresh.is_closed());

    tests::raw_client used(server.port());
    used.send(tests::get("/"));
    CHECK(used.read()->status == 200);
    CHECK(used.is_closed());
}

TEST_CASE("a client that does not read its answer is let go") {
    std::promise<void> given_up;
    auto options = with_timeouts(60ms, 10s);
    options.observer = [&](const idp::http::answered&) { given_up.set_value(); };
    tests::live_server server(std::move(options));
    const auto large = std::make_shared<const std::string>(32'000'000, 'x');
    server.routes.add_immediate({method::get}, "/large", [large](const request&) {
        response answer;
        answer.fixed_body = large;
        return answer;
    });
    server.start();
    tests::raw_client client(server.port());

    client.send(tests::get("/large"));

    CHECK(given_up.get_future().wait_for(10s) == std::future_status::ready);
    CHECK_FALSE(client.read());
}

TEST_CASE("a handler may take longer than a client may") {
    tests::live_server server(with_timeouts(40ms, 40ms));
    server.routes.add(
        {method::get}, "/slow", [](const request&) -> boost::asio::awaitable<response> {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
            timer.expires_after(200ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
            co_return idp::http::json(200, "{}");
        });
    server.start();

    CHECK(server.ask(tests::get("/slow")).status == 200);
}

TEST_CASE("a connection over the bound is turned away, and room is made by each that ends") {
    tests::live_options options;
    options.connections = 2;
    tests::live_server server(options);
    add_root(server);
    server.start();
    auto first = std::make_unique<tests::raw_client>(server.port());
    tests::raw_client second(server.port());
    for (auto* one : {first.get(), &second}) {
        one->send(tests::get("/"));
        CHECK(one->read()->status == 200);
    }

    tests::raw_client third(server.port());
    CHECK(third.read()->status == 503);
    CHECK(third.is_closed());

    first.reset();
    while (server.listener().open_connections() == 2) std::this_thread::yield();
    CHECK(server.ask(tests::get("/")).status == 200);
    second.send(tests::get("/"));
    CHECK(second.read()->status == 200);
}

TEST_CASE("a stopping server closes idle connections and lets a request in flight finish") {
    tests::live_server server;
    add_root(server);
    std::promise<void> arrived;
    std::unique_ptr<boost::asio::steady_timer> gate;
    server.routes.add({method::get}, "/held",
                      [&](const request&) -> boost::asio::awaitable<response> {
                          gate = std::make_unique<boost::asio::steady_timer>(
                              co_await boost::asio::this_coro::executor, std::chrono::hours(1));
                          arrived.set_value();
                          boost::system::error_code opened;
                          co_await gate->async_wait(
                              boost::asio::redirect_error(boost::asio::use_awaitable, opened));
                          co_return idp::http::json(200, "{}");
                      });
    server.start();
    tests::raw_client idle(server.port());
    idle.send(tests::get("/"));
    CHECK(idle.read()->status == 200);
    tests::raw_client fresh(server.port());
    tests::raw_client held(server.port());
    held.send(tests::get("/held"));
    arrived.get_future().wait();

    auto stopped = server.stop();

    CHECK(idle.is_closed());
    CHECK(fresh.is_closed());
    CHECK_THROWS(tests::raw_client(server.port()));
    CHECK(stopped.wait_for(0s) == std::future_status::timeout);
    boost::asio::post(server.io(), [&] { gate->cancel(); });
    const auto answer = held.read();
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->header("Connection") == "close");
    CHECK(stopped.wait_for(10s) == std::future_status::ready);
}

TEST_CASE("a leaving server still serves, and ends each connection with its answer") {
    tests::live_server server;
    add_root(server);
    server.start();
    tests::raw_client kept(server.port());
    kept.send(tests::get("/"));
    CHECK(kept.read()->header("Connection") != "close");

    server.begin_leaving();

    kept.send(tests::get("/"));
    const auto last = kept.read();
    REQUIRE(last);
    CHECK(last->status == 200);
    CHECK(last->header("Connection") == "close");
    CHECK(kept.is_closed());
    CHECK(server.ask(tests::get("/")).status == 200);
}

TEST_CASE("a server without connections stops at once") {
    tests::live_server server;
    server.start();

    CHECK(server.stop().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("a server that is destroyed with connections open leaves nothing behind") {
    auto server = std::make_unique<tests::live_server>();
    add_root(*server);
    server->start();
    tests::raw_client idle(server->port());
    idle.send(tests::get("/"));
    CHECK(idle.read()->status == 200);
    tests::raw_client half(server->port());
    half.send("GET /");

    server.reset();

    CHECK(idle.is_closed());
    CHECK(half.is_closed());
}
