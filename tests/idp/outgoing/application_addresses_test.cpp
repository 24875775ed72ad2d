// An application's operator registers a host name, and Kommpass calls it: not to reach what only
// Kommpass's network reaches.
#include "idp/outgoing/application_addresses.hpp"

#include <doctest/doctest.h>

#include <netdb.h>
#include <sys/socket.h>

#include <memory>

using namespace kommpass;
using namespace kommpass::idp::outgoing;

namespace {

std::optional<std::string> judged(const application_addresses& permitted, const char* host) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    REQUIRE(::getaddrinfo(host, "443", &hints, &found) == 0);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
    return permitted.why_not(*found->ai_addr);
}

}  // namespace

TEST_CASE("loopback, link-local and private networks are not called, however they are written") {
    const application_addresses nothing_allowed({}, {});
    for (const auto* host :
         {"127.0.0.1", "127.8.8.8", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "169.254.169.254",
          "fe80::1", "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.9.9", "192.168.1.1",
          "100.64.0.1", "fd00::1", "::ffff:10.1.2.3"}) {
        CAPTURE(host);
        CHECK(judged(nothing_allowed, host).has_value());
    }
    for (const auto* host :
         {"192.0.2.7", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2001:db8::1", "9.9.9.9"}) {
        CAPTURE(host);
        CHECK_FALSE(judged(nothing_allowed, host).has_value());
    }
}

TEST_CASE("what the operator names is called, and nothing beside it") {
    const application_addresses some({"10.20.0.0/16", "fd00:1::/32"}, {});
    CHECK_FALSE(judged(some, "10.20.3.4").has_value());
    CHECK_FALSE(judged(some, "::ffff:10.20.3.4").has_value());
    CHECK_FALSE(judged(some, "fd00:1::9").has_value());
    CHECK(judged(some, "10.21.0.1").has_value());
    CHECK(judged(some, "fd00:2::9").has_value());
    CHECK(judged(some, "127.0.0.1").has_value());
}

TEST_CASE("Kommpass's own listeners are called never, allowed or not") {
    const application_addresses all({"0.0.0.0/0", "::/0"}, {{"127.0.0.1", 443}});
    CHECK(judged(all, "127.0.0.1").has_value());
    CHECK_FALSE(judged(all, "127.0.0.2").has_value());
}
