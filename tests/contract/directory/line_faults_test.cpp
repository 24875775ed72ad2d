// Servers that go a part of the way: sign-in, test and log say the same of each, by its name.
#include "directory/careful_opening.hpp"
#include "directory/connect_workers.hpp"
#include "directory/diagnosis/diagnose.hpp"
#include "directory/line/address_book.hpp"
#include "directory/standing_refusal.hpp"
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/misbehaving_server.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <csignal>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::diagnosis::diagnose;
using directory::diagnosis::diagnosed;
using directory::diagnosis::level;
using stage = misbehaving_server::stage;
using then = misbehaving_server::then;

namespace {

const crafted_certificate& authority() {
    static const auto one = craft({.subject = "Amt-CA", .names = "", .is_authority = true});
    return one;
}

directory_settings settings_for(directory_transport how, std::uint16_t port) {
    directory_settings settings;
    settings.transport = how;
    const std::string scheme = how == directory_transport::ldaps ? "ldaps" : "ldap";
    settings.urls = {scheme + "://127.0.0.1:" + std::to_string(port)};
    settings.ca_certificate = authority().certificate;
    settings.person_base = settings.group_base = "dc=x";
    settings.bind_dn = "cn=dienst";
    settings.bind_password_env = "PATH";
    settings.connect_timeout = 600ms;
    settings.deadline = 2000ms;
    return settings;
}

// Where nothing hangs there is no hurry.
directory_settings at_ease(directory_settings settings) {
    settings.connect_timeout = settings.deadline = 5000ms;
    return settings;
}

std::string in_one(const diagnosed& made) {
    std::string all;
    for (const auto& one : made.said.findings()) all += std::string(one.what->id) + " ";
    return all;
}

diagnosed look_at(
    const directory_settings& settings,
    const directory::address_book& book = directory::permitted_addresses::with_loopback()) {
    const system_clock time;
    return diagnose(member_slug("amt"), settings, {}, book, time);
}

// The test names it, the sign-in fails, and the log has the same word.
void same_word(const directory_settings& settings, const std::string& id) {
    CAPTURE(id);
    std::signal(SIGPIPE, SIG_DFL);  // which ends a process that writes to a line that is cut
    const auto made = look_at(settings);
    const auto ids = in_one(made);
    CAPTURE(ids);
    CHECK(made.said.has(id));
    CHECK(made.said.failed());
    asked_directories asked({{member_slug("amt"), settings}});
    const auto refused = asked.sign_in("amt", "anna", "Kennwort");
    REQUIRE_FALSE(refused.has_value());
    const auto& detail = refused.error().detail;
    CAPTURE(detail);
    CHECK(detail.find(id + ": ") != std::string::npos);
}

}  // namespace

TEST_CASE("hanging, cut and nonsense are told apart on every transport, at every step") {
    const auto right = craft({}, &authority());
    struct row {
        directory_transport how;
        misbehaving_server::plan plan;
        const char* id;
    };
    using enum directory_transport;
    const row rows[] = {
        {plain, {stage::tcp, then::hangs}, "ldap.silent"},
        {plain, {stage::tcp, then::cuts}, "ldap.cut"},
        {plain, {stage::tcp, then::talks_nonsense}, "ldap.garbage"},
        {starttls, {stage::tcp, then::hangs}, "starttls.silent"},
        {starttls, {stage::tcp, then::cuts}, "starttls.cut"},
        {starttls, {stage::tcp, then::talks_nonsense}, "starttls.garbage"},
        {starttls, {stage::tcp, then::refuses_starttls}, "starttls.refused"},
        {starttls, {stage::starttls, then::hangs}, "tls.silent"},
        {starttls, {stage::starttls, then::cuts}, "tls.cut"},
        {starttls, {stage::starttls, then::talks_nonsense}, "tls.garbage"},
        {starttls, {stage::starttls, then::hangs, right}, "ldap.silent"},
        {starttls, {stage::starttls, then::cuts, right}, "ldap.cut"},
        {starttls, {stage::starttls, then::talks_nonsense, right}, "ldap.garbage"},
        {ldaps, {stage::tcp, then::hangs}, "tls.silent"},
        {ldaps, {stage::tcp, then::cuts}, "tls.cut"},
        {ldaps, {stage::tcp, then::talks_nonsense}, "tls.garbage"},
        {ldaps, {stage::tls, then::hangs, right}, "ldap.silent"},
        {ldaps, {stage::tls, then::cuts, right}, "ldap.cut"},
        {ldaps, {stage::tls, then::talks_nonsense, right}, "ldap.garbage"},
    };
    for (const auto& one : rows) {
        CAPTURE(static_cast<int>(one.how));
        const misbehaving_server server(one.plan);
        same_word(settings_for(one.how, server.port()), one.id);
    }
}

TEST_CASE("refused, swallowed, unresolved and forbidden are told apart on every transport") {
    for (const auto how :
         {directory_transport::plain, directory_transport::starttls, directory_transport::ldaps}) {
        CAPTURE(static_cast<int>(how));
        same_word(settings_for(how, free_port()), "tcp.refused");
        const swallowing_port dead;
        same_word(settings_for(how, dead.port()), "tcp.silent");
        auto elsewhere = settings_for(how, 389);
        elsewhere.allow_plain_text = true;
        elsewhere.urls = {"ldap://gibt-es-nicht.invalid"};
        if (how == directory_transport::ldaps) elsewhere.urls = {"ldaps://gibt-es-nicht.invalid"};
        same_word(elsewhere, "name.unresolved");
        elsewhere.urls = {elsewhere.urls.front().substr(0, elsewhere.urls.front().find("//")) +
                          "//169.254.7.7"};
        same_word(elsewhere, "address.forbidden");
    }
}

TEST_CASE("each fault of a certificate: sign-in, test and log agree, with the certificate named") {
    struct row {
        certificate_wish wish;
        const char* id;
    };
    const row rows[] = {
        {{.until = -1h}, "tls.expired"},
        {{.from = 24h}, "tls.not_yet_valid"},
        {{.names = "DNS:ldap.amt.example"}, "tls.host_name_differs"},
        {{.subject = "127.0.0.1", .names = ""}, "tls.host_name_differs"},
        {{.key = "RSA-1024"}, "tls.weak_key"},
        {{.digest = "SHA1"}, "tls.weak_signature"},
    };
    for (const auto how : {directory_transport::starttls, directory_transport::ldaps}) {
        const auto far = how == directory_transport::ldaps ? stage::tls : stage::starttls;
        for (const auto& one : rows) {
            const misbehaving_server server({far, then::answers, craft(one.wish, &authority())});
            same_word(at_ease(settings_for(how, server.port())), one.id);
        }
        const misbehaving_server stranger({far, then::answers, craft({})});
        const auto settings = at_ease(settings_for(how, stranger.port()));
        same_word(settings, "tls.unknown_ca");
        const auto made = look_at(settings);
        for (const auto& one : made.said.findings()) {
            if (one.what->id != "tls.unknown_ca") continue;
            CHECK(one.detail.find("CN=directory < CN=directory, ") != std::string::npos);
            CHECK(one.detail.find("SHA-256 ") != std::string::npos);
        }
        const misbehaving_server right({far, then::answers, craft({}, &authority())});
        const auto accepted = look_at(at_ease(settings_for(how, right.port())));
        const auto ids = in_one(accepted);
        CAPTURE(ids);
        CHECK(accepted.said.has("bind.accepted"));
    }
}

TEST_CASE("a certificate is judged by the clock that the service goes by") {
    turned_clock time(system_clock().now());
    directory::connect_workers workers(time, directory::permitted_addresses::with_loopback());
    const misbehaving_server right({stage::tls, then::answers, craft({}, &authority())});
    const auto settings = at_ease(settings_for(directory_transport::ldaps, right.port()));
    const auto open = [&] {
        directory::standing_refusal nothing_known;
        directory::connect_watch watch;
        return directory::open_unless_refused(settings, settings.urls.front(),
                                              directory::purpose::bind, workers, watch, 3000ms,
                                              nothing_known);
    };
    CHECK(open().has_value());
    time.turn(std::chrono::days(50 * 365));
    const auto late = open();
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().detail.find("tls.expired") != std::string::npos);
}

TEST_CASE("a name with several addresses: the test tries each, and what one lacks is a warning") {
    const auto certificate = craft({.names = "DNS:verzeichnis.amt.example"}, &authority());
    const misbehaving_server good({stage::tls, then::answers, certificate});
    const misbehaving_server hung({stage::tcp, then::hangs});
    auto settings = settings_for(directory_transport::ldaps, 636);
    settings.urls = {"ldaps://verzeichnis.amt.example"};
    const auto at = [](std::uint16_t port) {
        sockaddr_in one{};
        one.sin_family = AF_INET;
        one.sin_port = htons(port);
        one.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return directory::socket_address(reinterpret_cast<const sockaddr*>(&one), sizeof one);
    };
    const directory::address_book book(
        directory::permitted_addresses::with_loopback(),
        [all = std::vector{at(hung.port()), at(good.port())}](const directory::server_address&)
            -> result<std::vector<directory::socket_address>, std::string> { return all; });
    const auto made = look_at(settings, book);
    const auto where = " (127.0.0.1:" + std::to_string(hung.port()) + ")";
    bool named = false;
    for (const auto& one : made.said.findings()) {
        if (one.what->id == "name.resolved")
            CHECK(one.detail.find(std::to_string(good.port())) != std::string::npos);
        if (one.what->id != "tls.silent") continue;
        named = true;
        CHECK(one.what->level == level::warning);
        CHECK(one.subject == settings.urls.front() + where);
    }
    CHECK(named);
    CHECK(made.said.has("bind.accepted"));
}

TEST_CASE("a slow answer is a warning, and is not called a missing base") {
    const misbehaving_server slow(
        {stage::tls, then::answers_slowly, craft({}, &authority()), 150ms});
    auto hasty = settings_for(directory_transport::ldaps, slow.port());
    hasty.connect_timeout = 2000ms;
    hasty.deadline = 500ms;
    const auto made = look_at(hasty);
    CHECK(made.said.has("answer.slow"));
    const misbehaving_server hanging({stage::tcp, then::answers_slowly, {}, 900ms});
    auto settings = settings_for(directory_transport::plain, hanging.port());
    settings.connect_timeout = 2000ms;
    settings.deadline = 500ms;
    const auto silent = look_at(settings);
    const auto ids = in_one(silent);
    CAPTURE(ids);
    CHECK(silent.said.has("ldap.silent"));
    CHECK_FALSE(silent.said.has("base.missing"));
}
