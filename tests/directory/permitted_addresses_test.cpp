// Whoever names a host does not have Kommpass connect to what only its own machine reaches.
#include "directory/permitted_addresses.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "directory/ldap_handle.hpp"
#include "directory/line/address_book.hpp"

#include <doctest/doctest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>

#include <memory>

using namespace kommpass;
using namespace kommpass::directory;

namespace {

// As the resolver gives it; zones and mapped forms included.
std::optional<std::string> judged(const permitted_addresses& permitted, const std::string& host,
                                  const std::string& port = "636") {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    REQUIRE(::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) == 0);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
    return permitted.why_not(*found->ai_addr);
}

// An address of this machine that is neither loopback nor link-local; empty: it has none.
std::string own_address() {
    ifaddrs* found = nullptr;
    REQUIRE(::getifaddrs(&found) == 0);
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(found, ::freeifaddrs);
    for (const auto* one = found; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
        char text[NI_MAXHOST];
        ::getnameinfo(one->ifa_addr, sizeof(sockaddr_in), text, sizeof text, nullptr, 0,
                      NI_NUMERICHOST);
        const std::string address = text;
        if (!address.starts_with("127.") && !address.starts_with("169.254.")) return address;
    }
    return {};
}

// What counts who came.
struct local_service {
    local_service() : acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}) {
        acceptor.non_blocking(true);
    }
    [[nodiscard]] std::string port() const {
        return std::to_string(acceptor.local_endpoint().port());
    }
    bool was_asked() {
        boost::system::error_code nobody;
        boost::asio::ip::tcp::socket came(io);
        acceptor.accept(came, nobody);
        return !nobody;
    }
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor;
};

connect_failure failure_of(const permitted_addresses& permitted, const std::string& url) {
    directory_settings settings;
    settings.transport = directory_transport::plain;
    settings.connect_timeout = std::chrono::milliseconds(300);
    connect_watch watch;
    auto opened =
        open_handle(settings, url, purpose::bind, permitted, watch, settings.connect_timeout,
                    kommpass::to_unix_seconds(kommpass::system_clock().now()));
    REQUIRE_FALSE(opened.has_value());
    return opened.error();
}

}  // namespace

TEST_CASE("loopback, link-local and unspecified addresses are refused, however they are written") {
    const permitted_addresses strict;
    for (const auto* host :
         {"127.0.0.1", "127.255.255.254", "127.1", "2130706433", "0x7f.1", "::1",
          "::ffff:127.0.0.1", "::ffff:7f00:1", "169.254.169.254", "::ffff:169.254.169.254",
          "fe80::1", "febf::1", "0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0"}) {
        CAPTURE(host);
        CHECK(judged(strict, host).has_value());
    }
    for (const auto* host :
         {"192.0.2.7", "198.51.100.1", "128.0.0.1", "126.255.255.255", "169.253.255.255",
          "169.255.0.0", "2001:db8::7", "fec0::1", "fd00::1", "::ffff:192.0.2.7", "::2"}) {
        CAPTURE(host);
        CHECK_FALSE(judged(strict, host).has_value());
    }
}

TEST_CASE("the machine's own addresses are refused as loopback is") {
    const auto own = own_address();
    if (own.empty()) return;
    CHECK(judged({}, own).has_value());
    CHECK(judged({}, "::ffff:" + own).has_value());
    CHECK_FALSE(judged({{own}, {}}, own).has_value());
}

TEST_CASE("what the operator allows is reached, and nothing beside it") {
    const permitted_addresses some({"127.0.0.2", "fe80::/64", "10.0.0.0/40", "nonsense"}, {});
    CHECK_FALSE(judged(some, "127.0.0.2").has_value());
    CHECK_FALSE(judged(some, "::ffff:127.0.0.2").has_value());
    CHECK(judged(some, "127.0.0.1").has_value());
    CHECK_FALSE(judged(some, "fe80::5").has_value());
    CHECK(judged(some, "fe80:0:0:1::5").has_value());
    CHECK_FALSE(judged(permitted_addresses::with_loopback(), "::1").has_value());
    CHECK(judged(permitted_addresses::with_loopback(), "169.254.0.1").has_value());
}

TEST_CASE("Kommpass's own listeners are refused even where their network is allowed") {
    const permitted_addresses permitted({"127.0.0.0/8", "::1"},
                                        {{"127.0.0.1", 9464}, {"0.0.0.0", 8443}});
    CHECK(judged(permitted, "127.0.0.1", "9464").has_value());
    CHECK(judged(permitted, "::ffff:127.0.0.1", "9464").has_value());
    CHECK_FALSE(judged(permitted, "127.0.0.2", "9464").has_value());
    CHECK_FALSE(judged(permitted, "127.0.0.1", "636").has_value());
    // On every interface: at each address of the machine.
    CHECK(judged(permitted, "127.0.0.2", "8443").has_value());
    CHECK(judged(permitted, "::1", "8443").has_value());
    if (const auto own = own_address(); !own.empty()) {
        const permitted_addresses at_home({own}, {{"::", 8443}});
        CHECK(judged(at_home, own, "8443").has_value());
        CHECK_FALSE(judged(at_home, own, "636").has_value());
    }
}

TEST_CASE("the settings say what is allowed, and where the service listens") {
    config::settings settings;
    settings.listen.address = "127.0.0.1";
    settings.listen.port = 8443;
    CHECK(judged(permitted_by(settings), "127.0.0.1").has_value());
    settings.directory_networks = {"127.0.0.0/8"};
    CHECK_FALSE(judged(permitted_by(settings), "127.0.0.1").has_value());
    CHECK(judged(permitted_by(settings), "127.0.0.1", "8443").has_value());
    CHECK(judged(permitted_by(settings), "127.0.0.1", "9464").has_value());
}

TEST_CASE(
    "a connection is not even begun to what is not permitted; a name is judged by its address") {
    local_service service;
    for (const auto* host : {"127.0.0.1", "[::ffff:127.0.0.1]", "localhost"}) {
        CAPTURE(host);
        const auto failed = failure_of({}, std::string("ldap://") + host + ":" + service.port());
        CHECK(failed.error == connect_error::misconfigured);
        CAPTURE(failed.detail);
    }
    CHECK_FALSE(service.was_asked());
    // Allowed, it is reached: this service says nothing, and a handle needs no word for a bind.
    directory_settings settings;
    settings.transport = directory_transport::plain;
    connect_watch watch;
    const auto opened =
        open_handle(settings, "ldap://127.0.0.1:" + service.port(), purpose::bind,
                    permitted_addresses::with_loopback(), watch, settings.connect_timeout,
                    to_unix_seconds(system_clock().now()));
    CHECK(opened.has_value());
    CHECK(service.was_asked());
}
