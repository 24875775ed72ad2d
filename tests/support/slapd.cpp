#include "tests/support/slapd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
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

int loopback_socket(std::uint16_t port, sockaddr_in& address) {
    address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

std::uint16_t free_port() {
    sockaddr_in address;
    const int fd = loopback_socket(0, address);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0)
        throw std::runtime_error("no free port");
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

// True once the server has answered an anonymous bind (RFC 4511, 4.2).
bool answers(std::uint16_t port) {
    static constexpr unsigned char bind[] = {0x30, 0x0c, 0x02, 0x01, 0x01, 0x60, 0x07,
                                             0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00};
    sockaddr_in address;
    const int fd = loopback_socket(port, address);
    char answer = 0;
    const bool right = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                       ::send(fd, bind, sizeof bind, MSG_NOSIGNAL) == sizeof bind &&
                       ::recv(fd, &answer, 1, 0) == 1;
    ::close(fd);
    return right;
}

pid_t spawn(const std::vector<std::string>& words) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) ::dup2(nowhere, fd);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

fs::path fresh_folder() {
    static std::atomic<int> count{0};
    auto folder = fs::temp_directory_path() /
                  ("kommpass-slapd-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    fs::create_directories(folder / "data");
    return folder;
}

}  // namespace

slapd::slapd(const std::string& base, const std::string& entries, const std::string& more)
    : folder_(fresh_folder()), base_(base), port_(free_port()) {
    const auto root = slapd_root();
    std::ofstream conf(folder_ / "slapd.conf");
    for (const auto* schema : {"core", "cosine", "nis", "inetorgperson"}) {
        conf << "include \"" << (root / "etc/ldap/schema" / schema).string() << ".schema\"\n";
    }
    conf << "modulepath \"" << (root / "usr/lib/ldap").string()
         << "\"\nmoduleload back_mdb\nmoduleload memberof\nmoduleload ppolicy\n"
         << "allow bind_anon_cred\ndatabase mdb\nsuffix \"" << base_ << "\"\ndirectory \""
         << (folder_ / "data").string()
         << "\"\nmaxsize 67108864\nindex "
            "objectClass,entryUUID,uid,mail,member,uniqueMember,memberUid eq\n"
         << "access to attrs=userPassword by anonymous auth\naccess to * by * read\n"
         << more << '\n';
    conf.close();
    std::ofstream(folder_ / "data.ldif")
        << "dn: " << base_ << "\nobjectClass: organization\nobjectClass: dcObject\no: test\n"
        << "dc: " << base_.substr(3, base_.find(',') - 3) << "\n\n"
        << entries;
    const auto loader =
        spawn({(root / "usr/sbin/slapadd").string(), "-q", "-f", (folder_ / "slapd.conf").string(),
               "-l", (folder_ / "data.ldif").string()});
    int status = 0;
    ::waitpid(loader, &status, 0);
    if (status != 0)
        throw std::runtime_error("slapadd failed; is slapd unpacked in " + root.string() +
                                 "? (.ci/unpack_slapd)");
    start();
}

slapd::~slapd() {
    stop();
    fs::remove_all(folder_);
}

void slapd::start() {
    child_ = spawn({(slapd_root() / "usr/sbin/slapd").string(), "-d", "0", "-f",
                    (folder_ / "slapd.conf").string(), "-h", url() + "/"});
    while (!answers(port_)) {
        if (::waitpid(child_, nullptr, WNOHANG) == child_)
            throw std::runtime_error("slapd ended at its start");
    }
}

void slapd::stop() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

void slapd::freeze() { ::kill(child_, SIGSTOP); }
void slapd::thaw() { ::kill(child_, SIGCONT); }

}  // namespace kommpass::tests
