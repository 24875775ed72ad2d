// A service account that is refused, and what happens once it is mended.
#include "directory/careful_opening.hpp"
#include "directory/connect_workers.hpp"
#include "directory/standing_refusal.hpp"
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/ldap_admin.hpp"
#include "tests/support/scripted_directory.hpp"
#include "tests/support/server_process.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <fstream>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::sign_in_error;

namespace {

constexpr auto amt = "amt";

// A slapd whose service account's password stands in a file, wrong at first.
struct with_password_file {
    const directory_layout& layout = every_layout().back();
    std::unique_ptr<slapd> server = make_server(layout);
    std::filesystem::path folder = fresh_folder("password");
    std::filesystem::path file = folder / "bind-password";

    with_password_file() { write("falsch"); }
    ~with_password_file() { std::filesystem::remove_all(folder); }
    void write(const std::string& password) const {
        const auto next = folder / "next";
        std::ofstream(next) << password << "\n";
        std::filesystem::rename(next, file);
    }
    directory_settings settings() const {
        auto s = settings_for(layout, *server);
        s.bind_dn = server->admin_dn();
        s.bind_password_file = file.string();
        return s;
    }
};

sign_in_answer sign_in(asked_directories& asked) {
    return asked.sign_in(amt, "mueller", "gleiches Kennwort");
}

}  // namespace

TEST_CASE("a password file that was mended is tried at the next sign-in, on every thread") {
    const with_password_file repaired;
    asked_directories asked({{member_slug(amt), repaired.settings()}});
    const auto first = sign_in(asked);
    REQUIRE(first.error().error == sign_in_error::directory_misconfigured);
    CHECK(first.error().detail.find("bind.refused") != std::string::npos);
    // The old refusal is told as an old one.
    const auto second = sign_in(asked);
    REQUIRE(second.error().error == sign_in_error::directory_misconfigured);
    CHECK(second.error().detail.find("not asked again") != std::string::npos);
    CHECK(asked.counters(amt).replica(repaired.server->url())->failures[2] == 1);
    repaired.write(slapd::admin_password);
    CHECK(sign_in(asked).has_value());
    CHECK(sign_in(asked).has_value());
    CHECK(asked.counters(amt).replica(repaired.server->url())->breakers_open == 0);
}

TEST_CASE(
    "threads share one state: what one was refused none asks again, what one mended all know") {
    std::atomic<int> binds{0};
    std::atomic<int> code{49};
    const scripted_directory server([&](const scripted_directory::request& asked) {
        if (asked.operation == 0x60) {
            ++binds;
            return scripted_directory::reply{ber::bind_response(asked.id, code)};
        }
        return scripted_directory::reply{ber::search_done(asked.id)};
    });
    directory_settings settings;
    settings.urls = {server.url()};
    settings.transport = directory_transport::plain;
    settings.bind_dn = "cn=dienst";
    settings.bind_password_env = "PATH";
    const system_clock time;
    directory::connect_workers workers(time, directory::permitted_addresses::with_loopback());
    directory::standing_refusal known;
    const auto open = [&](const directory_settings& with) {
        directory::connect_watch watch;
        return directory::open_unless_refused(with, server.url(), directory::purpose::search,
                                              workers, watch, 1000ms, known);
    };
    const auto asked = open(settings);
    REQUIRE_FALSE(asked.has_value());
    CHECK(asked.error().asked);
    for (int thread = 0; thread < 5; ++thread) {
        const auto repeated = open(settings);
        REQUIRE_FALSE(repeated.has_value());
        CHECK_FALSE(repeated.error().asked);
    }
    CHECK(binds == 1);
    // The operator says so (SIGHUP): asked once more, and once only.
    workers.try_again();
    CHECK_FALSE(open(settings).has_value());
    CHECK_FALSE(open(settings).has_value());
    CHECK(binds == 2);
    // Other settings are another question.
    code = 0;
    auto other = settings;
    other.bind_dn = "cn=dienst2";
    CHECK(open(other).has_value());
    CHECK(known.known() == nullptr);
    CHECK(open(settings).has_value());
    CHECK(binds == 4);
}

TEST_CASE("a refusal that another thread is finding out about is not asked twice at a time") {
    directory::standing_refusal known;
    const auto long_ago = std::chrono::steady_clock::now() - 2min;
    known.refuse("bind.refused", 1, long_ago);
    CHECK(known.begin_to_find_out());
    CHECK_FALSE(known.begin_to_find_out());
    known.found_out();
    CHECK(known.begin_to_find_out());
    known.refuse("bind.refused", 1, std::chrono::steady_clock::now());
    CHECK(known.known()->since == long_ago);  // still the same refusal
    known.refuse("bind.refused", 2, std::chrono::steady_clock::now());
    CHECK(known.known()->since > long_ago);
}

TEST_CASE("a refusal is asked about again soon, and ever less often while it stays") {
    directory::standing_refusal known;
    auto now = std::chrono::steady_clock::now();
    std::vector<std::chrono::seconds> waits;
    for (int i = 0; i < 6; ++i) {
        known.refuse("bind.refused", 1, now);
        waits.push_back(known.known()->wait);
        CHECK(known.known()->until == now + waits.back());
        now = known.known()->until;
    }
    CHECK(waits == std::vector<std::chrono::seconds>{5s, 10s, 20s, 40s, 60s, 60s});
    known.refuse("bind.refused", 2, now);  // with another password
    CHECK(known.known()->wait == 5s);
    known.lift();
    known.refuse("bind.refused", 2, now);
    CHECK(known.known()->wait == 5s);
}

TEST_CASE("a password mended in the directory alone is found out about once its time has come") {
    const with_password_file wrong;
    auto settings = wrong.settings();
    settings.bind_dn = "uid=mueller,ou=people,dc=lebus,dc=example";
    const system_clock time;
    directory::connect_workers workers(time, directory::permitted_addresses::with_loopback());
    directory::standing_refusal known;
    const auto open = [&] {
        directory::connect_watch watch;
        return directory::open_unless_refused(settings, wrong.server->url(),
                                              directory::purpose::search, workers, watch, 2000ms,
                                              known);
    };
    REQUIRE_FALSE(open().has_value());
    const auto first = known.known();
    REQUIRE(first != nullptr);
    // The directory gets the password that the file has.
    ldap_admin(wrong.server->url(), wrong.server->admin_dn(), slapd::admin_password)
        .replace(settings.bind_dn, "userPassword", {"falsch"});
    CHECK_FALSE(open().has_value());  // not asked yet
    // The same refusal, of some seconds ago.
    known.lift();
    known.refuse(first->detail, first->tried_with, std::chrono::steady_clock::now() - 5s);
    CHECK(open().has_value());
    CHECK(known.known() == nullptr);
}

TEST_CASE("a password file that was missing and is put there is read at the next sign-in") {
    const with_password_file repaired;
    repaired.write(slapd::admin_password);
    auto settings = repaired.settings();
    settings.bind_password_file = (repaired.folder / "later").string();
    asked_directories asked({{member_slug(amt), settings}});
    CHECK(sign_in(asked).error().detail.find("bind.password_unreadable") != std::string::npos);
    CHECK(sign_in(asked).error().error == sign_in_error::directory_misconfigured);
    std::filesystem::copy_file(repaired.file, settings.bind_password_file);
    CHECK(sign_in(asked).has_value());
}
