#include "idp/http/forwarded.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace kommpass::idp::http;
using boost::asio::ip::make_address;

namespace {

request forwarded(std::initializer_list<std::string> chains) {
    request made;
    for (const auto& chain : chains) made.headers.emplace_back("x-forwarded-for", chain);
    return made;
}

const trusted_proxies proxies({"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"});
const auto proxy = make_address("10.1.2.3");

}  // namespace

TEST_CASE("X-Forwarded-For is believed from a trusted proxy only") {
    const auto asked = forwarded({"192.0.2.7"});

    CHECK(proxies.client_of(asked, proxy) == make_address("192.0.2.7"));
    CHECK(proxies.client_of(asked, make_address("198.51.100.1")) == make_address("198.51.100.1"));
    CHECK(trusted_proxies({}).client_of(asked, proxy) == proxy);
}

TEST_CASE("what a client wrote before its proxy is not believed") {
    CHECK(proxies.client_of(forwarded({"1.1.1.1, 192.0.2.7, 10.9.9.9"}), proxy) ==
          make_address("192.0.2.7"));
    CHECK(proxies.client_of(forwarded({"1.1.1.1", "192.0.2.7"}), proxy) ==
          make_address("192.0.2.7"));
    CHECK(proxies.client_of(forwarded({"1.1.1.1, 2001:db8::5"}), proxy) == make_address("1.1.1.1"));
}

TEST_CASE("a proxy may write a port, brackets and quotes") {
    const auto client = [](const char* entry) {
        return proxies.client_of(forwarded({entry}), proxy).to_string();
    };
    CHECK(client("192.0.2.7:51234") == "192.0.2.7");
    CHECK(client("\"192.0.2.7:51234\"") == "192.0.2.7");
    CHECK(client("\"192.0.2.7\"") == "192.0.2.7");
    CHECK(client("[2a02:810::5]:443") == "2a02:810::5");
    CHECK(client("\"[2a02:810::5]:443\"") == "2a02:810::5");
    CHECK(client("[2a02:810::5]") == "2a02:810::5");
    CHECK(client("2a02:810::5") == "2a02:810::5");
    CHECK(client("[::ffff:192.0.2.7]:443") == "192.0.2.7");
    // A trusted one with a port is still trusted, and the chain goes on before it.
    CHECK(client("192.0.2.7:1, 10.9.9.9:443") == "192.0.2.7");
}

TEST_CASE("what only resembles an address with a port is unreadable") {
    for (const char* entry : {"192.0.2.7:", "192.0.2.7:port", "192.0.2.7:123456", "[2a02:810::5",
                              "[2a02:810::5]443", "[2a02:810::5]:", "[192.0.2.7]:443", "\"", "\"\"",
                              "\"192.0.2.7", ":443", "[]", "[]:443"}) {
        CAPTURE(entry);
        CHECK(proxies.client_of(forwarded({entry}), proxy) == proxy);
    }
}

TEST_CASE("an unreadable chain ends where it is unreadable") {
    CHECK(proxies.client_of(forwarded({"unknown"}), proxy) == proxy);
    CHECK(proxies.client_of(forwarded({"192.0.2.7, "}), proxy) == proxy);
    CHECK(proxies.client_of(forwarded({"x, 10.9.9.9"}), proxy) == make_address("10.9.9.9"));
    CHECK(proxies.client_of(request{}, proxy) == proxy);
}

TEST_CASE("an entry that is no address is an error at start") {
    CHECK_THROWS_AS(trusted_proxies({"proxy.example"}), std::runtime_error);
    CHECK_THROWS_AS(trusted_proxies({"10.0.0.0/33"}), std::runtime_error);
}

TEST_CASE("what only a trusted proxy may say of a request is taken away, and nothing else") {
    request asked;
    for (const auto* name : {"x-forwarded-host", "x-forwarded-uri", "x-forwarded-method",
                             "x-forwarded-proto", "x-forwarded-host", "x-forwarded-for", "host"})
        asked.headers.emplace_back(name, "a");
    forget_what_proxies_say(asked);
    CHECK(asked.headers == decltype(asked.headers){{"x-forwarded-for", "a"}, {"host", "a"}});
}
