// The service says of its own certificate what it says of directories'.
#include "idp/http/own_certificate.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>

using namespace kommpass;
using idp::http::judge_own_certificate;
namespace fs = std::filesystem;

namespace {

void run(const std::vector<std::string>& words) {
    std::string command;
    for (const auto& word : words) command += "'" + word + "' ";
    REQUIRE(std::system((command + ">/dev/null 2>&1").c_str()) == 0);
}

struct own_folder {
    fs::path path;
    own_folder() {
        auto name = (fs::temp_directory_path() / "kommpass-own-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path = name;
    }
    ~own_folder() { fs::remove_all(path); }
    own_folder(const own_folder&) = delete;

    // A listener with a self-signed certificate, made by these words of openssl.
    [[nodiscard]] config::listener made(const std::vector<std::string>& words,
                                        const std::string& names = "DNS:pass.example") const {
        config::listener one;
        one.certificate_file = path / "own.pem";
        one.private_key_file = path / "own.key";
        std::vector<std::string> command{"openssl", "req",
                                         "-x509",   "-nodes",
                                         "-subj",   "/CN=own",
                                         "-addext", "subjectAltName=" + names,
                                         "-keyout", one.private_key_file.string(),
                                         "-out",    one.certificate_file.string()};
        command.insert(command.end(), words.begin(), words.end());
        run(command);
        fs::permissions(one.private_key_file, fs::perms::owner_read | fs::perms::owner_write);
        return one;
    }
};

const std::vector<std::string> sound{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                     "-days",   "60"};

std::set<std::string> faults(const config::listener& one, instant now,
                             const std::string& host = "pass.example") {
    std::set<std::string> ids;
    for (const auto& fault : judge_own_certificate(one, host, now).faults) {
        CHECK_FALSE(fault.text.empty());
        ids.insert(fault.id);
    }
    return ids;
}

using ids = std::set<std::string>;

}  // namespace

TEST_CASE("a certificate that is right has no fault, and each wrong thing its own") {
    const own_folder folder;
    const auto own = folder.made(sound);
    const auto now = system_clock().now();
    CHECK(faults(own, now).empty());
    CHECK(faults(own, now + std::chrono::days(50)) == ids{"expires_soon"});
    CHECK(faults(own, now + std::chrono::days(61)) == ids{"expired"});
    CHECK(faults(own, now - std::chrono::days(2)) == ids{"not_yet_valid"});
    CHECK(faults(own, now, "other.example") == ids{"other_host"});
    CHECK(faults(own, now, "10.1.2.3") == ids{"other_host"});
    CHECK(faults(own, now, {}).empty());
    fs::permissions(own.private_key_file, fs::perms::others_read, fs::perm_options::add);
    CHECK(faults(own, now) == ids{"key_readable"});
    const auto judged = judge_own_certificate(own, "pass.example", now);
    CHECK(judged.is_usable());
    CHECK(judged.until > now + std::chrono::days(59));
}

TEST_CASE("a key that is too short and a signature that is too weak are named") {
    const own_folder folder;
    const auto now = system_clock().now();
    CHECK(faults(folder.made({"-newkey", "rsa:2048", "-days", "60", "-sha1"}), now)
              .contains("weak_signature"));
    const auto short_one = faults(folder.made({"-newkey", "rsa:1024", "-days", "60"}), now);
    // OpenSSL's own level may refuse it before it is judged.
    CHECK((short_one.contains("weak_key") || short_one.contains("not_usable")));
}

TEST_CASE("an address is a host like any other") {
    const own_folder folder;
    const auto own = folder.made(sound, "IP:10.1.2.3,IP:2001:db8::5");
    const auto now = system_clock().now();
    CHECK(faults(own, now, "10.1.2.3").empty());
    CHECK(faults(own, now, "2001:db8::5").empty());
    CHECK(idp::http::host_of("https://[2001:db8::5]:8443/auth") == "2001:db8::5");
    CHECK(idp::http::host_of("https://pass.example:8443") == "pass.example");
    CHECK(idp::http::host_of("https://pass.example/auth") == "pass.example");
}

TEST_CASE("files that are missing, none, or of two pairs serve nothing") {
    const own_folder folder;
    const own_folder other;
    auto own = folder.made(sound);
    const auto now = system_clock().now();
    const auto kept = own;
    own.private_key_file = other.made(sound).private_key_file;
    CHECK(faults(own, now) == ids{"not_usable"});
    own.private_key_file = folder.path / "missing.key";
    CHECK(faults(own, now) == ids{"not_usable"});
    std::ofstream(folder.path / "none.key") << "no key\n";
    own.private_key_file = folder.path / "none.key";
    CHECK(faults(own, now).contains("not_usable"));
    own = kept;
    own.tls = false;
    CHECK(faults(own, now).empty());
}
