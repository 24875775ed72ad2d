// `check` opens what `serve` opens, and neither makes anew what has gone missing.
#include "idp/service/opening.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/http/shared_listener.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>

using namespace kommpass;
using namespace kommpass::tests;
using idp::service::gravity;
using idp::service::look_at_everything;
namespace fs = std::filesystem;

namespace {

struct installation {
    fs::path path;
    config::settings settings;

    installation() {
        auto name = (fs::temp_directory_path() / "kommpass-opening-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path = name;
        settings.issuer = "https://pass.example";
        settings.listen.tls = false;
        settings.store_file = path / "kommpass.db";
        settings.key_file = path / "keys.json";
    }
    ~installation() { fs::remove_all(path); }
    installation(const installation&) = delete;

    [[nodiscard]] fs::path put(const std::string& file, const std::string& text) const {
        std::ofstream(path / file) << text;
        return path / file;
    }
    // As a service that ran once leaves it: keys, and a registry with this member's directory.
    void used(const std::function<void(directory_settings&)>& change = {}) const {
        system_randomness random;
        REQUIRE(idp::jose::open_key_file(settings.key_file.string(), random, system_clock().now())
                    .has_value());
        auto all = test_registry();
        if (change) change(all.members.at(member_slug("lebus")).directory);
        auto opened = idp::store::open_sqlite_store(settings.store_file);
        REQUIRE(opened.has_value());
        const auto done = (*opened)->write_now([&](idp::store::transaction& t) {
            (void)t.revisions().append(
                0, {0, system_clock().now(), "host:test", "first", policies::to_json(all)});
        });
        REQUIRE(done.has_value());
    }
    // "fault: ..." and "weakness: ..." lines.
    [[nodiscard]] std::string found(idp::service::opening_options meant = {}) const {
        std::string lines;
        for (const auto& one : look_at_everything(settings, system_clock().now(), meant))
            lines += (one.how == gravity::fault ? "fault: " : "weakness: ") + one.text + "\n";
        return lines;
    }
    [[nodiscard]] std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& one : fs::directory_iterator(path))
            names.insert(one.path().filename().string());
        return names;
    }
};

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("looking makes nothing, before the first start and after it") {
    const installation fresh;
    CHECK(fresh.found().empty());
    CHECK(fresh.files().empty());
    const installation ran;
    ran.used();
    {
        // A second revision is kept as what differs from the first.
        auto all = test_registry();
        all.members.at(member_slug("lebus")).name.de = "Amt Lebus an der Oder";
        const auto store = idp::store::open_sqlite_store(ran.settings.store_file);
        REQUIRE(store.has_value());
        REQUIRE((*store)->write_now([&](idp::store::transaction& t) {
            (void)t.revisions().append(1, {0, {}, "host:test", "name", policies::to_json(all)});
        }));
    }
    const auto before = ran.files();
    CHECK(ran.found().empty());
    CHECK(ran.files() == before);
    // Beside a running server, whose log holds what the file has not yet.
    const auto running = idp::store::open_sqlite_store(ran.settings.store_file);
    REQUIRE(running.has_value());
    REQUIRE((*running)->write_now([](idp::store::transaction& t) {
        (void)t.revisions().append(2, {0, {}, "host:test", "wrong", "no registry"});
    }));
    CHECK(has(ran.found(), "revision 3"));
}

TEST_CASE("a store that is gone or empty beside keys is asked about, and so are keys beside it") {
    const installation here;
    here.used();
    for (const bool empty : {true, false}) {
        fs::remove(here.settings.store_file);
        if (empty) (void)here.put("kommpass.db", "");
        CHECK(has(here.found(), "fault: the store"));
        CHECK(has(here.found(), "--new-store"));
        CHECK_FALSE(idp::service::missing_half(here.settings).empty());
        CHECK(here.found({.new_store = true}).empty());
        CHECK(idp::service::missing_half(here.settings, {.new_store = true}).empty());
    }
    const installation other;
    other.used();
    fs::remove(other.settings.key_file);
    CHECK(has(other.found(), "--new-keys"));
    CHECK(has(idp::service::missing_half(other.settings), "--new-keys"));
    CHECK(other.found({.new_keys = true}).empty());
}

TEST_CASE("each thing that serve needs is named when it is not right") {
    installation here;
    here.used();
    const auto sound = here.settings;
    const auto with = [&](const std::function<void(config::settings&)>& change) {
        here.settings = sound;
        change(here.settings);
        return here.found();
    };
    CHECK(has(with([](auto& s) { s.listen.address = "pass.example"; }), "fault: [listen] address"));
    CHECK(has(with([](auto& s) { s.metrics.address = "10.1.2.3/8"; }), "fault: [metrics] address"));
    CHECK(has(with([](auto& s) { s.trusted_proxies = {"proxy"}; }), "fault: trusted_proxies"));
    CHECK(has(with([&](auto& s) {
                  s.listen.tls = true;
                  s.listen.certificate_file = here.path / "own.pem";
                  s.listen.private_key_file = here.path / "own.key";
              }),
              "own.pem: cannot be read"));
    CHECK(has(with([&](auto& s) { s.store_file = here.put("other.db", "no store at all"); }),
              "fault: the store"));
    CHECK(has(with([&](auto& s) { s.store_file = here.path / "no/such/kommpass.db"; }),
              "cannot be made"));
    CHECK(has(with([&](auto& s) { s.key_file = here.path / "no/such/keys.json"; }),
              "cannot be written"));
    CHECK(has(with([&](auto& s) { s.key_file = here.put("broken.json", "{"); }), "broken.json"));
    CHECK(has(with([&](auto& s) { s.registry_folder = here.path / "nowhere"; }), "weakness: "));
    CHECK(has(with([&](auto& s) {
                  s.mail.url = "smtps://mail.example";
                  s.mail.user = "kommpass";
                  s.mail.password_file = (here.path / "mail.secret").string();
                  s.mail.ca_file = here.put("mail.pem", "none");
              }),
              "weakness: [mail] ca_file"));
    fs::permissions(sound.key_file, fs::perms::others_read, fs::perm_options::add);
    CHECK(has(with([](auto&) {}), "others may read the private keys"));
}

TEST_CASE("a file that one member's directory lacks is named, and keeps nobody else out") {
    const auto found_with =
        [](const std::function<void(const fs::path&, directory_settings&)>& set) {
            const installation here;
            here.used([&](directory_settings& directory) {
                directory.transport = directory_transport::ldaps;
                directory.urls = {"ldaps://dc1.lebus.example"};
                set(here.path, directory);
            });
            auto found = here.found();
            CAPTURE(found);
            CHECK_FALSE(has(found, "fault: "));
            return found;
        };
    const auto by_password = found_with([](const fs::path& path, directory_settings& directory) {
        directory.bind_dn = "cn=kommpass,dc=lebus,dc=example";
        directory.bind_password_file = (path / "missing.secret").string();
        std::ofstream(path / "ca.pem") << "not PEM\n";
        directory.ca_file = (path / "ca.pem").string();
    });
    CHECK(has(by_password, "members/lebus: bind_password_file"));
    CHECK(has(by_password, "members/lebus: ca_file"));
    const auto by_certificate = found_with([](const fs::path& path, directory_settings& directory) {
        directory.client_certificate_file = (path / "missing.pem").string();
        std::ofstream(path / "none.key") << "no key\n";
        directory.client_key_file = (path / "none.key").string();
    });
    CHECK(has(by_certificate, "members/lebus: client_certificate_file"));
    CHECK(has(by_certificate, "members/lebus: client_key_file"));
}

TEST_CASE("a first start reads its registry folder strictly") {
    installation here;
    here.settings.registry_folder = here.path / "registry";
    fs::create_directories(here.path / "registry/members");
    (void)here.put("registry/members/zwei.TOML", "slug = \"zwei\"\n");
    CHECK(has(here.found(), "fault: "));
    CHECK(has(here.found(), "zwei.TOML"));
}

TEST_CASE("a sealed password that the key file does not open is found, with its member") {
    const installation here;
    system_randomness random;
    const auto keys =
        idp::jose::open_key_file(here.settings.key_file.string(), random, system_clock().now());
    REQUIRE(keys.has_value());
    here.used([&](directory_settings& directory) {
        directory.bind_dn = "cn=kommpass,dc=lebus,dc=example";
        directory.bind_password_sealed =
            idp::registry::sealed_directory_password(**keys, member_slug("lebus"), "Dienst-2026");
    });
    CHECK(here.found().empty());
    const auto before = here.files();
    fs::remove(here.settings.key_file);
    REQUIRE(idp::jose::open_key_file(here.settings.key_file.string(), random, system_clock().now())
                .has_value());
    CHECK(has(here.found(), "weakness: members/lebus: the directory's sealed password"));
    CHECK(has(here.found(), "enter the password anew"));
    CHECK(here.files() == before);
}

TEST_CASE("a port at which something listens is noticed, and one that was asked for is not taken") {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(socket >= 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(::listen(socket, 1) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    config::listener listener;
    listener.address = "127.0.0.1";
    listener.port = ntohs(at.sin_port);
    CHECK(idp::http::is_taken(listener));
    ::close(socket);
    CHECK_FALSE(idp::http::is_taken(listener));
    CHECK_FALSE(idp::http::is_taken(listener));
}
