#include "tests/support/slapd.hpp"

#include "tests/support/server_process.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace kommpass::tests {
namespace {

namespace fs = std::filesystem;

fs::path slapd_root() {
    const char* named = std::getenv("KOMMPASS_SLAPD_ROOT");
    return fs::absolute(named != nullptr ? named : "build/packages/slapd");
}

}  // namespace

slapd::slapd(const std::string& base, const std::string& entries, const std::string& more,
             const std::string& global)
    : folder_(fresh_folder("slapd")), base_(base), port_(free_port()) {
    if (global.find("TLSCertificateFile") != std::string::npos) tls_port_ = free_port();
    const auto root = slapd_root();
    fs::create_directories(folder_ / "data");
    std::ofstream conf(folder_ / "slapd.conf");
    for (const auto* schema : {"core", "cosine", "nis", "inetorgperson"}) {
        conf << "include \"" << (root / "etc/ldap/schema" / schema).string() << ".schema\"\n";
    }
    conf
        << "modulepath \"" << (root / "usr/lib/ldap").string()
        << "\"\nmoduleload back_mdb\nmoduleload memberof\nmoduleload ppolicy\nmoduleload syncprov\n"
        << "allow bind_anon_cred\n"
        << global << "\ndatabase mdb\nsuffix \"" << base_ << "\"\ndirectory \""
        << (folder_ / "data").string() << "\"\nrootdn \"" << admin_dn() << "\"\nrootpw "
        << admin_password
        << "\nmaxsize 268435456\nindex "
           "objectClass,entryUUID,uid,mail,member,uniqueMember,memberUid eq\n"
        << (more.find("access to ") == std::string::npos
                ? "access to attrs=userPassword by self write by anonymous auth\n"
                  "access to * by * read\n"
                : "")
        << more << '\n';
    conf.close();
    std::ofstream(folder_ / "data.ldif")
        << "dn: " << base_ << "\nobjectClass: organization\nobjectClass: dcObject\no: test\n"
        << "dc: " << base_.substr(3, base_.find(',') - 3) << "\n\n"
        << entries;
    if (!fs::exists(root / "usr/sbin/slapd"))
        throw std::runtime_error("slapd is not unpacked in " + root.string() +
                                 " (.ci/unpack_slapd)");
    run({(root / "usr/sbin/slapadd").string(), "-q", "-f", (folder_ / "slapd.conf").string(), "-l",
         (folder_ / "data.ldif").string()},
        folder_ / "slapadd.log");
    start();
}

slapd::~slapd() {
    stop();
    fs::remove_all(folder_);
}

void slapd::start() {
    child_ = spawn({(slapd_root() / "usr/sbin/slapd").string(), "-d", "0", "-f",
                    (folder_ / "slapd.conf").string(), "-h",
                    tls_port_ == 0 ? url() + "/" : url() + "/ " + tls_url() + "/"});
    await_ldap(child_, "127.0.0.1", port_);
}

void slapd::stop() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

void slapd::freeze() { suspend(child_); }
void slapd::thaw() { ::kill(child_, SIGCONT); }

}  // namespace kommpass::tests
