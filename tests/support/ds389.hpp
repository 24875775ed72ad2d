#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace kommpass::tests {

// A real 389 Directory Server in a folder of its own, on loopback and a free port; made from the
// package's own template, as dscreate does. Ends with this object, and with the test.
class ds389 {
public:
    // `entries`: LDIF below `base`, whose own entry is made here with the `aci` lines of `access`.
    ds389(const std::string& base, const std::string& access, const std::string& entries);
    ~ds389();
    ds389(const ds389&) = delete;

    void start();
    void stop();
    void freeze();
    void thaw();
    [[nodiscard]] std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string tls_url() const {
        return "ldaps://127.0.0.1:" + std::to_string(tls_port_);
    }
    [[nodiscard]] std::string ca_file() const { return (folder_ / "authority/ca.pem").string(); }
    static constexpr const char* admin_dn = "cn=Directory Manager";
    static constexpr const char* admin_password = "Verwalter-2026";

private:
    std::filesystem::path folder_;
    std::string base_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    pid_t child_ = -1;
};

}  // namespace kommpass::tests
