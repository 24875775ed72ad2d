// A name with several addresses, some of which do not work.
#include "directory/line/address_book.hpp"

#include "config/vocabulary/clock.hpp"
#include "directory/ldap_handle.hpp"
#include "directory/line/tcp_race.hpp"
#include "tests/support/misbehaving_server.hpp"
#include "tests/support/server_process.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>

using namespace kommpass;
using namespace kommpass::directory;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using stage = misbehaving_server::stage;
using then = misbehaving_server::then;

namespace {

using steady = std::chrono::steady_clock;

socket_address at(const char* host, std::uint16_t port) {
    sockaddr_in one{};
    one.sin_family = AF_INET;
    one.sin_port = htons(port);
    ::inet_pton(AF_INET, host, &one.sin_addr);
    return {reinterpret_cast<const sockaddr*>(&one), sizeof one};
}

socket_address here(std::uint16_t port) { return at("127.0.0.1", port); }

// Knows one name.
address_book book_with(std::vector<socket_address> addresses) {
    return {permitted_addresses::with_loopback(),
            [addresses = std::move(addresses)](const server_address&)
                -> result<std::vector<socket_address>, std::string> { return addresses; }};
}

constexpr auto url = "ldap://verzeichnis.amt.example";

directory_settings plain_settings() {
    directory_settings settings;
    settings.urls = {url};
    settings.transport = directory_transport::plain;
    settings.allow_plain_text = true;
    settings.bind_dn = "cn=dienst";
    settings.bind_password_env = "PATH";
    settings.connect_timeout = 1500ms;
    return settings;
}

result<ldap_handle, connect_failure> open(const address_book& book,
                                          const directory_settings& settings = plain_settings()) {
    connect_watch watch;
    return open_handle(settings, url, purpose::search, book, watch, settings.connect_timeout,
                       to_unix_seconds(kommpass::system_clock().now()));
}

}  // namespace

TEST_CASE("the first address of a name swallows packets: the next one within the time") {
    const swallowing_port dead;
    const misbehaving_server good({.what = then::answers});
    const auto book = book_with({here(dead.port()), here(good.port())});
    const auto began = steady::now();
    CHECK(open(book).has_value());
    CHECK(steady::now() - began < 1400ms);
    CHECK(good.connections() == 1);
    // From then on it comes last, for every thread.
    CHECK(book.failed_lately(here(dead.port())));
    const auto found = book.addresses_of({"verzeichnis.amt.example", "389"});
    REQUIRE(found.has_value());
    CHECK(found->usable.front() == here(good.port()));
    CHECK(found->usable.size() == 2);
}

TEST_CASE("an address that refuses, hangs, cuts or talks nonsense costs its share of the time") {
    const misbehaving_server good({.what = then::answers});
    for (const auto what : {then::hangs, then::cuts, then::talks_nonsense}) {
        const misbehaving_server bad({.what = what});
        CAPTURE(static_cast<int>(what));
        const auto book = book_with({here(bad.port()), here(good.port())});
        CHECK(open(book).has_value());
        CHECK(book.failed_lately(here(bad.port())));
    }
    const auto book = book_with({here(free_port()), here(good.port())});
    CHECK(open(book).has_value());
}

TEST_CASE(
    "a refused service account is not tried at the next address, where it would be counted too") {
    const misbehaving_server good({.what = then::answers});
    auto settings = plain_settings();
    settings.bind_password_env.clear();
    settings.bind_password_file = "/nonexistent/password";
    const auto book = book_with({here(good.port()), here(free_port())});
    const auto refused = open(book, settings);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().error == connect_error::misconfigured);
    CHECK(refused.error().detail.find("bind.password_unreadable") != std::string::npos);
    CHECK_FALSE(book.failed_lately(here(good.port())));
}

TEST_CASE("each address is judged for itself; where none is left, each is named with why") {
    const misbehaving_server good({.what = then::answers});
    CHECK(open(book_with({at("169.254.1.1", 389), here(good.port())})).has_value());
    const auto refused = open(book_with({at("169.254.1.1", 389), at("0.0.0.0", 389)}));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail.find("169.254.1.1:389 is a link-local address") !=
          std::string::npos);
    const auto unknown = open({permitted_addresses::with_loopback(), [](const server_address&) {
                                   return result<std::vector<socket_address>, std::string>(
                                       std::string("Name or service not known"));
                               }});
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().detail.find("name.unresolved") != std::string::npos);
}

TEST_CASE("the log says of every address what was wrong with it") {
    const misbehaving_server silent({});
    const auto nobody = free_port();
    const auto refused = open(book_with({here(nobody), here(silent.port())}));
    REQUIRE_FALSE(refused.has_value());
    const auto& detail = refused.error().detail;
    CAPTURE(detail);
    CHECK(detail.find("127.0.0.1:" + std::to_string(nobody) + "): tcp.refused") !=
          std::string::npos);
    CHECK(detail.find("127.0.0.1:" + std::to_string(silent.port()) + "): ldap.silent") !=
          std::string::npos);
}

TEST_CASE("the kernel asks on a line where nobody else does, as often as the health check") {
    const misbehaving_server good({.what = then::answers});
    auto settings = plain_settings();
    settings.health_check = 20s;
    const auto opened = open(book_with({here(good.port())}), settings);
    REQUIRE(opened.has_value());
    int descriptor = -1;
    ldap_get_option(opened->get(), LDAP_OPT_DESC, &descriptor);
    const auto option = [&](int level, int name) {
        int value = 0;
        socklen_t size = sizeof value;
        ::getsockopt(descriptor, level, name, &value, &size);
        return value;
    };
    CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 20);
    CHECK(option(IPPROTO_TCP, TCP_KEEPINTVL) == 5);
}

TEST_CASE("a race that is cut from another thread ends at once, with many addresses or one") {
    const swallowing_port dead;
    connect_watch watch;
    watch.cut();
    const std::vector<socket_address> all{here(dead.port()), here(dead.port())};
    const auto race = race_to(all, steady::now() + 60s, watch);
    CHECK_FALSE(race.winner.has_value());
    connect_watch later;
    std::thread other([&] { later.cut(); });
    const auto second = race_to({all.data(), 1}, steady::now() + 60s, later);
    other.join();
    CHECK_FALSE(second.winner.has_value());
}
