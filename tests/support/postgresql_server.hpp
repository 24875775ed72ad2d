#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kommpass::tests {

// A real PostgreSQL 15 (Debian's), made in a temporary folder and run as an unprivileged user, on a
// unix socket and on loopback. Ends with this object, and its folder goes. Its disk is not waited
// for: what the tests kill is connections and clients, not the machine.
class postgresql_server {
public:
    // `settings`: further lines of postgresql.conf.
    explicit postgresql_server(const std::vector<std::string>& settings = {});
    ~postgresql_server();
    postgresql_server(const postgresql_server&) = delete;
    postgresql_server& operator=(const postgresql_server&) = delete;

    // Makes an empty database and gives its address, over the socket.
    [[nodiscard]] std::string new_database(const std::string& options = "");
    // The same database's address at another port of loopback (a proxy's, or the server's own).
    [[nodiscard]] static std::string at_port(const std::string& url, std::uint16_t port);

    // Runs SQL as the server's own superuser, in the database of this address; what it prints.
    std::string sql(const std::string& url, const std::string& text) const;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    // Runs a program of PostgreSQL's as the server's user; throws with what it said if it fails.
    void run_as_owner(const std::vector<std::string>& words) const;

    void stop();
    void start();

private:
    [[nodiscard]] std::vector<std::string> as_owner(const std::vector<std::string>& words) const;

    std::filesystem::path folder_;
    std::uint16_t port_;
    pid_t process_ = -1;
    int databases_ = 0;
};

}  // namespace kommpass::tests
