#include "tests/support/postgresql_server.hpp"

#include "tests/support/server_process.hpp"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kommpass::tests {
namespace {

namespace fs = std::filesystem;

const fs::path programs = "/usr/lib/postgresql/15/bin";

std::string database_of(const std::string& url) {
    const auto from = url.rfind('/', url.find('?')) + 1;
    return url.substr(from, std::min(url.find('?'), url.size()) - from);
}

}  // namespace

// PostgreSQL refuses to run as root.
std::vector<std::string> postgresql_server::as_owner(const std::vector<std::string>& words) const {
    if (::geteuid() != 0) return words;
    std::vector<std::string> all{"setpriv",        "--reuid=postgres", "--regid=postgres",
                                 "--clear-groups", "--pdeathsig",      "KILL"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

void postgresql_server::run_as_owner(const std::vector<std::string>& words) const {
    run(as_owner(words), folder_ / "log");
}

postgresql_server::postgresql_server(const std::vector<std::string>& settings)
    : folder_(fresh_folder("postgresql")), port_(free_port()) {
    if (::geteuid() == 0) {
        const auto* owner = ::getpwnam("postgres");
        if (owner == nullptr) throw std::runtime_error("there is no user postgres");
        if (::chown(folder_.c_str(), owner->pw_uid, owner->pw_gid) != 0)
            throw std::runtime_error("chown " + folder_.string());
    }
    std::ofstream(folder_ / "log").flush();
    fs::permissions(folder_ / "log", fs::perms::all);
    run_as_owner({programs / "initdb", "--pgdata=" + (folder_ / "data").string(), "--no-sync",
                  "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres"});
    std::ofstream conf(folder_ / "data/postgresql.conf", std::ios::app);
    conf << "listen_addresses = '127.0.0.1'\nport = " << port_ << "\nunix_socket_directories = '"
         << folder_.string() << "'\nfsync = off\nfull_page_writes = off\nmax_connections = 60\n"
         << "shared_buffers = 32MB\nlog_min_messages = warning\n";
    for (const auto& line : settings) conf << line << '\n';
    conf.close();
    start();
}

postgresql_server::~postgresql_server() {
    stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void postgresql_server::start() {
    const auto data = (folder_ / "data").string();
    process_ = spawn(as_owner({programs / "postgres", "-D", data}), folder_ / "log");
    for (;;) {
        int status = 0;
        const std::vector<std::string> ask{programs / "pg_isready", "-q", "-h", folder_, "-p",
                                           std::to_string(port_)};
        ::waitpid(spawn(ask), &status, 0);
        if (status == 0) return;
        if (::waitpid(process_, nullptr, WNOHANG) == process_) {
            std::ostringstream words;
            words << "PostgreSQL ended at its start\n" << std::ifstream(folder_ / "log").rdbuf();
            throw std::runtime_error(words.str());
        }
        ::poll(nullptr, 0, 20);
    }
}

void postgresql_server::stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGQUIT);  // at once
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::string postgresql_server::new_database(const std::string& options) {
    const auto name = "k" + std::to_string(databases_++);
    const auto any = "postgresql:///postgres?user=postgres&host=" + folder_.string() +
                     "&port=" + std::to_string(port_);
    sql(any, "CREATE DATABASE " + name + " TEMPLATE template0 " + options);
    return "postgresql:///" + name + any.substr(any.find('?'));
}

std::string postgresql_server::at_port(const std::string& url, std::uint16_t port) {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port) + "/" + database_of(url) +
           "?sslmode=disable";
}

std::string postgresql_server::sql(const std::string& url, const std::string& text) const {
    const auto command = "psql -X -q -A -t -v ON_ERROR_STOP=1 -h " + folder_.string() + " -p " +
                         std::to_string(port_) + " -U postgres " + database_of(url) + " 2>&1";
    const auto script = folder_ / ("script-" + std::to_string(::getpid()));
    std::ofstream(script) << text;
    auto* const pipe = ::popen((command + " < " + script.string()).c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("psql cannot be started");
    std::string answer;
    char buffer[4096];
    while (const auto count = ::fread(buffer, 1, sizeof buffer, pipe)) answer.append(buffer, count);
    if (::pclose(pipe) != 0) throw std::runtime_error(text + ": " + answer);
    while (!answer.empty() && answer.back() == '\n') answer.pop_back();
    return answer;
}

}  // namespace kommpass::tests
