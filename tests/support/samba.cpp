#include "tests/support/samba.hpp"

#include "tests/support/server_process.hpp"
#include "tests/support/test_certificate.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace kommpass::tests {
namespace {

// 127.0.0.0/8 is all ours; the process id keeps tests that run at the same time apart.
std::string own_address() {
    static int count = 1;
    const auto id = static_cast<unsigned>(::getpid());
    return "127." + std::to_string(20 + id / 250 % 200) + "." + std::to_string(id % 250) + "." +
           std::to_string(++count);
}

}  // namespace

samba::samba(const std::string& population)
    : folder_(fresh_folder("samba")), address_(own_address()) {
    if (::geteuid() != 0)
        throw std::runtime_error(
            "a domain controller listens on ports below 1024: run the tests as root");
    const auto log = folder_ / "provision.log";
    run({"samba-tool", "domain", "provision", "--targetdir=" + folder_.string(),
         "--realm=KOMMUNE.EXAMPLE", "--domain=KOMMUNE", "--server-role=dc", "--dns-backend=NONE",
         std::string("--adminpass=") + admin_password, "--host-name=dc1", "--host-ip=" + address_,
         "--use-rfc2307", "--option=interfaces=" + address_ + "/8",
         "--option=bind interfaces only=yes"},
        log);
    const test_authority authority(folder_ / "authority");
    (void)authority.issue("server", "/CN=dc1.kommune.example", "IP:" + address_);
    std::ofstream(folder_ / "population") << population;
    run({"/usr/bin/python3", std::string(KOMMPASS_TEST_SUPPORT) + "/populate_samba.py",
         (folder_ / "etc/smb.conf").string(), (folder_ / "population").string()},
        log);
    start();
}

samba::~samba() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string samba::ca_file() const { return (folder_ / "authority/ca.pem").string(); }

void samba::start() {
    const auto authority = folder_ / "authority";
    child_ = spawn({"samba", "-i", "-M", "single", "-s", (folder_ / "etc/smb.conf").string(),
                    "--option=server services=ldap", "--option=pid directory=" + folder_.string(),
                    "--option=tls certfile=" + (authority / "server.pem").string(),
                    "--option=tls keyfile=" + (authority / "server.key").string(),
                    "--option=tls cafile=" + (authority / "ca.pem").string()},
                   folder_ / "samba.log");
    await_ldap(child_, address_, 389, folder_ / "samba.log");
}

void samba::stop() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

void samba::freeze() { suspend(child_); }
void samba::thaw() { ::kill(child_, SIGCONT); }

}  // namespace kommpass::tests
