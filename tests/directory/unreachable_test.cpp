// Directories that are not there, or say nothing: sockets of the test's own stand in for them.
#include "directory/ldap_directories.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>

using namespace kommpass;
using namespace kommpass::directory;
using namespace std::chrono_literals;

namespace {

using answer = result<identity, sign_in_failure>;

// Accepts by way of the kernel's queue and never says a word.
struct silent_server {
    silent_server() : acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}) {}
    [[nodiscard]] std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
    }
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor;
};

directory_settings settings_for(const std::string& url) {
    directory_settings settings;
    settings.urls = {url};
    settings.transport =
        url.starts_with("ldaps") ? directory_transport::ldaps : directory_transport::plain;
    settings.person_base = "dc=x";
    settings.group_base = "dc=x";
    settings.connect_timeout = 300ms;
    settings.deadline = 500ms;
    return settings;
}

// One I/O thread's directories, asked by the test.
class asked_directories {
public:
    explicit asked_directories(const std::map<member_slug, directory_settings>& members)
        : directories_(io_, shared_) {
        directories_.take_members(members);
    }
    answer sign_in(const std::string& member, const std::string& user,
                   const std::string& password) {
        std::optional<answer> got;
        boost::asio::co_spawn(
            io_,
            directories_.sign_in(member_slug(member), user,
                                 secret_string(std::string_view(password)), open_),
            [&](std::exception_ptr, answer came) { got.emplace(std::move(came)); });
        io_.restart();
        while (!got) io_.run_one();
        return std::move(*got);
    }
    std::uint64_t counted(const std::string& member) {
        return shared_.statistics.of(member_slug(member))->unavailable.load();
    }

private:
    open_gate open_;
    system_clock time_;
    federation shared_{time_, permitted_addresses::with_loopback()};
    boost::asio::io_context io_;
    ldap_directories directories_;
};

}  // namespace

TEST_CASE("a directory that nobody serves is unavailable, at once, and says where") {
    std::string url;
    {
        const silent_server gone;
        url = gone.url("ldap");
    }
    asked_directories asked({{member_slug("lebus"), settings_for(url)}});
    const auto refused = asked.sign_in("lebus", "anna", "Kennwort");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().error == sign_in_error::directory_unavailable);
    CHECK(refused.error().detail.find(url) != std::string::npos);
    CHECK(asked.sign_in("lebus", "anna", "Kennwort").error().error ==
          sign_in_error::directory_unavailable);  // in back-off
    CHECK(asked.counted("lebus") == 2);
}

TEST_CASE("a TLS port that never answers the hand-shake costs the connect timeout, not for ever") {
    const silent_server silent;
    asked_directories asked({{member_slug("lebus"), settings_for(silent.url("ldaps"))}});
    CHECK(asked.sign_in("lebus", "anna", "Kennwort").error().error ==
          sign_in_error::directory_unavailable);
}

TEST_CASE("a server that accepts and never answers costs the deadline, not for ever") {
    const silent_server silent;
    asked_directories asked({{member_slug("lebus"), settings_for(silent.url("ldap"))}});
    CHECK(asked.sign_in("lebus", "anna", "Kennwort").error().error ==
          sign_in_error::directory_unavailable);
}

TEST_CASE(
    "an empty or blank password, and a name that cannot be one, are refused before anything is "
    "sent") {
    std::string nowhere = "ldap://127.0.0.1:1";
    asked_directories asked({{member_slug("lebus"), settings_for(nowhere)}});
    for (const auto* password : {"", " ", "    "}) {
        CHECK(asked.sign_in("lebus", "anna", password).error().error ==
              sign_in_error::wrong_credentials);
    }
    CHECK(asked.sign_in("lebus", std::string("a\0b", 3), "Kennwort").error().error ==
          sign_in_error::wrong_credentials);
    CHECK(asked.counted("lebus") == 0);
}

TEST_CASE("plain text to another host is refused, whatever the name is") {
    auto settings = settings_for("ldap://192.0.2.1:389");
    asked_directories asked({{member_slug("lebus"), settings}});
    CHECK(asked.sign_in("lebus", "anna", "Kennwort").error().error ==
          sign_in_error::directory_misconfigured);
}

TEST_CASE("with the bound on waiting work at its end the next is told so at once") {
    const silent_server silent;
    auto settings = settings_for(silent.url("ldap"));
    settings.max_waiting = 1;
    const system_clock time;
    federation shared(time, permitted_addresses::with_loopback());
    boost::asio::io_context io;
    ldap_directories directories(io, shared);
    directories.take_members({{member_slug("lebus"), settings}});
    std::vector<sign_in_error> errors;
    open_gate open;
    for (int i = 0; i < 3; ++i) {
        boost::asio::co_spawn(
            io,
            directories.sign_in(member_slug("lebus"), "anna",
                                secret_string(std::string_view("Kennwort")), open),
            [&](std::exception_ptr, answer came) { errors.push_back(came.error().error); });
    }
    while (errors.size() < 3) io.run_one();
    CHECK(errors == std::vector{sign_in_error::directory_overloaded,
                                sign_in_error::directory_overloaded,
                                sign_in_error::directory_unavailable});
}

TEST_CASE("a member that is not known here is a bug, and told as one without harm") {
    boost::asio::io_context io;
    const system_clock time;
    federation shared(time, permitted_addresses::with_loopback());
    ldap_directories directories(io, shared);
    bool thrown = false;
    open_gate open;
    boost::asio::co_spawn(io,
                          directories.sign_in(member_slug("nowhere"), "a",
                                              secret_string(std::string_view("b")), open),
                          [&](std::exception_ptr failure, answer) { thrown = failure != nullptr; });
    io.run();
    CHECK(thrown);
    directories.take_members({});
}
