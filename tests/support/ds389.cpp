#include "tests/support/ds389.hpp"

#include "tests/support/server_process.hpp"
#include "tests/support/test_certificate.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace kommpass::tests {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream read(file);
    if (!read) throw std::runtime_error(file.string() + " is missing: is 389-ds-base installed?");
    return {std::istreambuf_iterator<char>(read), {}};
}

std::string filled_in(std::string text, const std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : values) {
        const auto mark = "%" + name + "%";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
            text.replace(at, mark.size(), value);
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string hashed(const std::string& password, const fs::path& folder) {
    run({"pwdhash", "-s", "PBKDF2-SHA512", password}, folder / "password");
    return filled_in(text_of(folder / "password"), {});
}

// The folders that the server's configuration names, all below one.
std::map<std::string, std::string> places(const fs::path& folder) {
    std::map<std::string, std::string> all;
    for (const auto* name : {"lock", "tmp", "ldif", "bak", "run", "inst", "log", "db"}) {
        fs::create_directories(folder / name);
        all[std::string(name) + "_dir"] = (folder / name).string();
    }
    all["db_home_dir"] = all["db_dir"];
    fs::create_directories(folder / "config/schema");
    all["config_dir"] = all["cert_dir"] = (folder / "config").string();
    all["schema_dir"] = (folder / "config/schema").string();
    return all;
}

// The server keeps keys in an NSS database.
void make_key_database(const fs::path& folder) {
    const auto config = folder / "config";
    const auto log = folder / "certificates.log";
    const test_authority authority(folder / "authority");
    const auto server = authority.issue("server", "/CN=localhost", "IP:127.0.0.1");
    const auto bundle = (folder / "server.p12").string();
    run({"openssl", "pkcs12", "-export", "-in", server.certificate.string(), "-inkey",
         server.key.string(), "-name", "Server-Cert", "-passout", "pass:x", "-out", bundle},
        log);
    run({"certutil", "-N", "-d", config.string(), "--empty-password"}, log);
    run({"certutil", "-A", "-d", config.string(), "-n", "CA", "-t", "CT,,", "-a", "-i",
         authority.ca_file().string()},
        log);
    run({"pk12util", "-i", bundle, "-d", config.string(), "-K", "", "-W", "x"}, log);
}

std::string encryption() {
    return "\n\ndn: cn=RSA,cn=encryption,cn=config\nobjectClass: top\n"
           "objectClass: nsEncryptionModule\ncn: RSA\nnsSSLPersonalitySSL: Server-Cert\n"
           "nsSSLToken: internal (software)\nnsSSLActivation: on";
}

std::string backend_of(const std::string& base) {
    return "\n\ndn: cn=userroot,cn=ldbm database,cn=plugins,cn=config\nobjectclass: top\n"
           "objectclass: extensibleObject\nobjectclass: nsBackendInstance\ncn: userroot\n"
           "nsslapd-suffix: " +
           base + "\n\ndn: cn=\"" + base +
           "\",cn=mapping tree,cn=config\nobjectclass: top\nobjectclass: extensibleObject\n"
           "objectclass: nsMappingTree\ncn: \"" +
           base + "\"\nnsslapd-state: backend\nnsslapd-backend: userroot\n";
}

}  // namespace

ds389::ds389(const std::string& base, const std::string& access, const std::string& entries)
    : folder_(fresh_folder("389")), base_(base), port_(free_port()), tls_port_(free_port()) {
    auto values = places(folder_);
    values["fqdn"] = "localhost";
    values["ds_port"] = std::to_string(port_) +
                        "\nnsslapd-listenhost: 127.0.0.1\nnsslapd-securelistenhost: 127.0.0.1\n"
                        "nsslapd-security: on\nnsslapd-secureport: " +
                        std::to_string(tls_port_);
    values["ds_user"] = ::getuid() == 0 ? "root" : std::to_string(::getuid());
    values["rootdn"] = admin_dn;
    values["ds_passwd"] = hashed(admin_password, folder_);
    values["ldapi_enabled"] = values["ldapi_autobind"] = "off";
    values["ldapi"] = (folder_ / "run/ldapi").string();
    values["db_lib"] = "mdb";
    values["ds_suffix"] = base_;
    std::ofstream(folder_ / "config/dse.ldif")
        << filled_in(text_of("/usr/share/dirsrv/data/template-dse.ldif"), values) << encryption()
        << backend_of(base_);
    fs::copy("/etc/dirsrv/schema", folder_ / "config/schema");
    fs::copy("/etc/dirsrv/config", folder_ / "config");
    make_key_database(folder_);
    std::ofstream(folder_ / "data.ldif")
        << "dn: " << base_ << "\nobjectClass: domain\ndc: " << base_.substr(3, base_.find(',') - 3)
        << '\n'
        << access << '\n'
        << entries;
    run({"ns-slapd", "ldif2db", "-D", (folder_ / "config").string(), "-n", "userroot", "-i",
         (folder_ / "data.ldif").string()},
        folder_ / "import.log");
    start();
}

ds389::~ds389() {
    stop();
    fs::remove_all(folder_);
}

void ds389::start() {
    child_ = spawn({"ns-slapd", "-d", "0", "-D", (folder_ / "config").string(), "-i",
                    (folder_ / "run/pid").string()},
                   folder_ / "server.log");
    await_ldap(child_, "127.0.0.1", port_, folder_ / "log/errors");
}

void ds389::stop() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

void ds389::freeze() { suspend(child_); }
void ds389::thaw() { ::kill(child_, SIGCONT); }

}  // namespace kommpass::tests
