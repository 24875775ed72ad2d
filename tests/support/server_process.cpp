#include "tests/support/server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kommpass::tests {
namespace {

namespace fs = std::filesystem;

int socket_for(const std::string& host, std::uint16_t port, sockaddr_in& address) {
    address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

[[noreturn]] void fail(const std::string& what, const fs::path& log) {
    std::ostringstream words;
    words << what;
    if (std::ifstream read(log); read) words << "\n" << read.rdbuf();
    throw std::runtime_error(words.str());
}

}  // namespace

pid_t spawn(const std::vector<std::string>& words, const fs::path& log) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_RDWR);
    const int output =
        log.empty() ? nowhere : ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(nowhere, 0);
    ::dup2(output, 1);
    ::dup2(output, 2);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

void run(const std::vector<std::string>& words, const fs::path& log) {
    int status = 0;
    ::waitpid(spawn(words, log), &status, 0);
    if (status != 0) fail(words.front() + " failed", log);
}

void suspend(pid_t child) {
    ::kill(child, SIGSTOP);
    int status = 0;
    ::waitpid(child, &status, WUNTRACED);
}

fs::path fresh_folder(const std::string& kind) {
    static std::atomic<int> count{0};
    auto folder =
        fs::temp_directory_path() /
        ("kommpass-" + kind + "-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    fs::create_directories(folder);
    return folder;
}

std::uint16_t free_port() {
    sockaddr_in address;
    const int fd = socket_for("127.0.0.1", 0, address);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0)
        throw std::runtime_error("no free port");
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

bool answers_ldap(const std::string& host, std::uint16_t port) {
    static constexpr std::array<unsigned char, 14> bind{0x30, 0x0c, 0x02, 0x01, 0x01, 0x60, 0x07,
                                                        0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00};
    sockaddr_in address;
    const int fd = socket_for(host, port, address);
    char answer = 0;
    const bool right =
        ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, bind.data(), bind.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bind.size()) &&
        ::recv(fd, &answer, 1, 0) == 1;
    ::close(fd);
    return right;
}

void await_ldap(pid_t server, const std::string& address, std::uint16_t port, const fs::path& log) {
    while (!answers_ldap(address, port)) {
        if (::waitpid(server, nullptr, WNOHANG) == server)
            fail("the directory server ended at its start", log);
        ::poll(nullptr, 0, 5);
    }
}

}  // namespace kommpass::tests
