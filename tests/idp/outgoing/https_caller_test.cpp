// Calls to applications' servers, of which each may be down, slow or hostile.
#include "idp/outgoing/https_caller.hpp"

#include "tests/support/test_certificate.hpp"

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

using namespace kommpass;
using namespace kommpass::idp::outgoing;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
namespace ssl = boost::asio::ssl;

namespace {

// Certificates for 127.0.0.1, once for all cases.
const tests::test_authority& authority() {
    static const auto folder = std::filesystem::temp_directory_path() /
                               ("kommpass-outgoing-" + std::to_string(::getpid()));
    static const tests::test_authority made(folder);
    return made;
}

// An application: answers by the path that is asked.
class application {
public:
    explicit application(const std::string& names = "IP:127.0.0.1")
        : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
        const auto pair = authority().issue("application", "/CN=application", names);
        tls_.use_certificate_chain_file(pair.certificate.string());
        tls_.use_private_key_file(pair.key.string(), ssl::context::pem);
        boost::asio::co_spawn(io_, take_calls(), boost::asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }
    ~application() {
        io_.stop();
        thread_.join();
    }

    [[nodiscard]] std::string uri(const std::string& path) const {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    // The same, by a name that leads there.
    [[nodiscard]] std::string uri_by_name(const std::string& path) const {
        return "https://localhost:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    [[nodiscard]] int connections() const { return connections_; }

private:
    using stream = ssl::stream<tcp::socket>;

    awaitable<void> take_calls() {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(use_awaitable);
            ++connections_;
            boost::asio::co_spawn(io_, answer(std::move(socket)), boost::asio::detached);
        }
    }

    awaitable<void> answer(tcp::socket socket) {
        stream tls(std::move(socket), tls_);
        co_await tls.async_handshake(ssl::stream_base::server, use_awaitable);
        boost::asio::streambuf read;
        co_await boost::asio::async_read_until(tls, read, "\r\n\r\n", use_awaitable);
        // The bodies of these tests end so.
        if (*static_cast<const char*>(read.data().data()) == 'P')
            co_await boost::asio::async_read_until(tls, read, "end", use_awaitable);
        const std::string text(static_cast<const char*>(read.data().data()), read.size());
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(text);
        }
        const auto from = text.find(' ') + 1;
        const auto path = text.substr(from, text.find(' ', from) - from);
        if (path == "/hangs") {
            boost::asio::streambuf nothing;
            co_await boost::asio::async_read_until(tls, nothing, "never", use_awaitable);
        }
        const auto reply = reply_to(path);
        co_await boost::asio::async_write(tls, boost::asio::buffer(reply), use_awaitable);
        while (path == "/endless")
            co_await boost::asio::async_write(tls, boost::asio::buffer(reply), use_awaitable);
        boost::asio::steady_timer pause(io_);
        while (path == "/drips") {
            pause.expires_after(std::chrono::milliseconds(50));
            co_await pause.async_wait(use_awaitable);
            co_await boost::asio::async_write(tls, boost::asio::buffer("x", 1), use_awaitable);
        }
    }

    static std::string reply_to(const std::string& path) {
        const std::string end = "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        if (path == "/request.jwt")
            return "HTTP/1.1 200 OK\r\nContent-Type: application/jwt; charset=utf-8\r\n"
                   "Content-Length: 5\r\nConnection: close\r\n\r\na.b.c";
        if (path == "/moved") return "HTTP/1.1 302 Found\r\nLocation: /elsewhere" + end;
        if (path == "/refuses") return "HTTP/1.1 400 Bad Request" + end;
        if (path == "/busy") return "HTTP/1.1 503 Later\r\nRetry-After: 7" + end;
        if (path == "/garbage") return "\x16\x03garbage, and no HTTP\r\n\r\n";
        if (path == "/drips")
            return "HTTP/1.1 200 OK\r\nContent-Length: 16384\r\nConnection: close\r\n\r\n";
        if (path == "/kept")
            return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx";
        if (path == "/endless")
            return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(16'384, 'x');
        return "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    }

    boost::asio::io_context io_;
    ssl::context tls_{ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

application_addresses loopback_too() { return {{"127.0.0.0/8", "::1"}, {}}; }

std::vector<result<called, call_failure>> post_all(https_caller& caller,
                                                   const std::vector<std::string>& uris,
                                                   std::chrono::milliseconds within) {
    boost::asio::io_context io;
    std::vector<result<called, call_failure>> answers(uris.size(), call_failure{});
    for (std::size_t i = 0; i < uris.size(); ++i) {
        boost::asio::co_spawn(io, caller.post({uris[i], "logout_token=end", within}),
                              [&answers, i](std::exception_ptr thrown, auto said) {
                                  REQUIRE_FALSE(thrown);
                                  answers[i] = std::move(said);
                              });
    }
    io.run();
    return answers;
}

result<called, call_failure> post(https_caller& caller, const std::string& uri,
                                  std::chrono::milliseconds within = std::chrono::seconds(20)) {
    return post_all(caller, {uri}, within).front();
}

result<fetched, call_failure> fetched_from(
    https_caller& caller, const std::string& uri, std::size_t longest = 16'384,
    std::chrono::milliseconds within = std::chrono::seconds(20)) {
    result<fetched, call_failure> got = call_failure{};
    boost::asio::io_context io;
    boost::asio::co_spawn(io, caller.get({uri, "application/jwt", longest, within}),
                          [&](std::exception_ptr thrown, auto said) {
                              REQUIRE_FALSE(thrown);
                              got = std::move(said);
                          });
    io.run();
    return got;
}

}  // namespace

TEST_CASE("a form arrives as a form, and the status comes back") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());

    const auto said = post(caller, there.uri("/logout?application=dms"));

    REQUIRE(said.has_value());
    CHECK(said->status == 204);
    REQUIRE(there.requests().size() == 1);
    const auto request = there.requests()[0];
    CHECK(request.starts_with("POST /logout?application=dms HTTP/1.1\r\n"));
    CHECK(request.find("Content-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
    CHECK(request.ends_with("\r\n\r\nlogout_token=end"));
}

TEST_CASE("no redirect is followed, and what the application says is passed on") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());

    CHECK(post(caller, there.uri("/moved"))->status == 302);
    CHECK(post(caller, there.uri("/refuses"))->status == 400);
    const auto busy = post(caller, there.uri("/busy"));

    REQUIRE(busy.has_value());
    CHECK(busy->status == 503);
    CHECK(busy->retry_after == std::chrono::seconds(7));
    CHECK(there.requests().size() == 3);
}

TEST_CASE("a certificate of an unknown authority or of another name is not talked to") {
    application there;
    application elsewhere("DNS:dms.example");
    https_caller of_the_system(loopback_too(), {});
    https_caller caller(loopback_too(), authority().ca_file());

    for (const auto& said :
         {post(of_the_system, there.uri("/")), post(caller, elsewhere.uri("/"))}) {
        REQUIRE_FALSE(said.has_value());
        CHECK_FALSE(said.error().final);
        CHECK(said.error().message.starts_with("127.0.0.1:"));
        CHECK(said.error().message.find("logout_token") == std::string::npos);
    }
    CHECK(there.requests().empty());
    CHECK(elsewhere.requests().empty());
}

TEST_CASE("a forbidden address is not connected to, and said so for good") {
    application there;
    https_caller caller(application_addresses({}, {}), authority().ca_file());

    const auto said = post(caller, there.uri("/"));

    REQUIRE_FALSE(said.has_value());
    CHECK(said.error().final);
    CHECK(said.error().message.find("loopback") != std::string::npos);
    CHECK(said.error().message.find("allow_networks") != std::string::npos);
    CHECK(there.requests().empty());
}

TEST_CASE("only https is spoken") {
    https_caller caller(loopback_too(), authority().ca_file());
    for (const auto* uri :
         {"http://127.0.0.1/", "file:///etc/hostname", "ldap://127.0.0.1/", "x"}) {
        const auto said = post(caller, uri);
        REQUIRE_FALSE(said.has_value());
        CHECK(said.error().final);
    }
}

TEST_CASE("what is fetched comes with its type, and no fragment goes out") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());
    const auto get = [&](const std::string& path, std::size_t longest) {
        return fetched_from(caller, there.uri(path), longest);
    };
    const auto whole = get("/request.jwt#version-1", 5);
    REQUIRE(whole.has_value());
    CHECK(whole->body == "a.b.c");
    CHECK(whole->content_type == "application/jwt; charset=utf-8");
    CHECK(there.requests().front().starts_with("GET /request.jwt HTTP/1.1"));
    CHECK_FALSE(get("/request.jwt", 4).has_value());
    for (const auto* path : {"/moved", "/refuses", "/endless"})
        CHECK_FALSE(get(path, 16'384).has_value());
    // Nobody was led elsewhere.
    for (const auto& one : there.requests()) CHECK(one.find("/elsewhere") == std::string::npos);
}

TEST_CASE("who publishes a document leads us to no address of our own network, by no name") {
    application there("IP:127.0.0.1,DNS:localhost");
    https_caller caller(application_addresses({}, {}), authority().ca_file());
    for (const auto& uri : {there.uri("/request.jwt"), there.uri_by_name("/request.jwt")}) {
        const auto got = fetched_from(caller, uri);
        REQUIRE_FALSE(got.has_value());
        CHECK(got.error().final);
        CHECK(got.error().message.find("loopback") != std::string::npos);
    }
    CHECK(there.connections() == 0);
}

TEST_CASE("each fetch is a connection of its own, judged by where its name leads just then") {
    application there("IP:127.0.0.1,DNS:localhost");
    https_caller caller(loopback_too(), authority().ca_file());
    for (int i = 1; i <= 3; ++i) {
        CHECK(fetched_from(caller, there.uri_by_name("/kept")).has_value());
        CHECK(there.connections() == i);
    }
}

TEST_CASE("one that sends its document drop by drop ends at its bound too") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());
    const auto began = std::chrono::steady_clock::now();
    const auto got =
        fetched_from(caller, there.uri("/drips"), 16'384, std::chrono::milliseconds(500));
    REQUIRE_FALSE(got.has_value());
    CHECK_FALSE(got.error().final);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("one that hangs holds up no other and ends at its bound; nothing endless is read") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());
    std::vector<std::string> uris(40, there.uri("/logout"));
    uris.push_back(there.uri("/endless"));
    uris.push_back(there.uri("/garbage"));
    uris.insert(uris.begin(), there.uri("/hangs"));

    const auto answers = post_all(caller, uris, std::chrono::seconds(2));

    CHECK_FALSE(answers.front().has_value());
    CHECK_FALSE(answers.front().error().final);
    for (std::size_t i = 1; i <= 40; ++i) {
        REQUIRE(answers[i].has_value());
        CHECK(answers[i]->status == 204);
    }
    REQUIRE(answers[41].has_value());
    CHECK(answers[41]->status == 200);
    CHECK_FALSE(answers[42].has_value());
}

TEST_CASE("a stop ends what is under way at once, and what is asked later") {
    application there;
    https_caller caller(loopback_too(), authority().ca_file());
    boost::asio::io_context io;
    std::atomic<int> failed = 0;
    const auto note = [&](std::exception_ptr, auto said) { failed += said ? 0 : 1; };
    boost::asio::co_spawn(io, caller.post({there.uri("/hangs"), "end", std::chrono::minutes(10)}),
                          note);
    std::thread answers([&] { io.run(); });
    while (there.requests().empty()) std::this_thread::yield();

    caller.stop();
    answers.join();
    boost::asio::io_context later;
    boost::asio::co_spawn(later, caller.post({there.uri("/"), "end"}), note);
    later.run();

    CHECK(failed == 2);
}

TEST_CASE("nobody at the address is a failure that may pass") {
    boost::asio::io_context io;
    std::string uri;
    {
        tcp::acceptor gone(io, {boost::asio::ip::address_v4::loopback(), 0});
        uri = "https://127.0.0.1:" + std::to_string(gone.local_endpoint().port()) + "/";
    }
    https_caller caller(loopback_too(), authority().ca_file());
    const auto said = post(caller, uri);
    REQUIRE_FALSE(said.has_value());
    CHECK_FALSE(said.error().final);
}
