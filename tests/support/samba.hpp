#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace kommpass::tests {

// A real Active Directory domain controller (Samba) in a folder of its own, on a loopback address
// of its own, since its ports are fixed. KOMMUNE.EXAMPLE; over TLS with a certificate for the
// address. Ends with this object, and with the test. Needs to be root: the ports are below 1024.
class samba {
public:
    // `population`: lines of tests/support/populate_samba.py, which see.
    explicit samba(const std::string& population);
    ~samba();
    samba(const samba&) = delete;

    void start();
    void stop();
    void freeze();
    void thaw();
    [[nodiscard]] std::string url() const { return "ldaps://" + address_ + ":636"; }
    [[nodiscard]] std::string plain_url() const { return "ldap://" + address_ + ":389"; }
    [[nodiscard]] std::string ca_file() const;
    static constexpr const char* base = "DC=kommune,DC=example";
    static constexpr const char* admin_dn = "CN=Administrator,CN=Users,DC=kommune,DC=example";
    static constexpr const char* admin_password = "Verwalter-2026";

private:
    std::filesystem::path folder_;
    std::string address_;
    pid_t child_ = -1;
};

}  // namespace kommpass::tests
