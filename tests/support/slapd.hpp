#pragma once

#include "config/vocabulary/directory_settings.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace kommpass::tests {

// A real slapd in a folder of its own, on loopback and a free port; it ends with this object, and
// with the test. Its binary is looked for in $KOMMPASS_SLAPD_ROOT, else in build/packages/slapd.
class slapd {
public:
    // `entries`: LDIF below `base`, whose own entry is made here. `more`: lines for the database's
    // configuration; `global`: lines before it. With a TLSCertificateFile among those it listens on
    // `tls_url` as well. Everybody may read everything but passwords, unless `more` has access
    // rules of its own.
    slapd(const std::string& base, const std::string& entries, const std::string& more = {},
          const std::string& global = {});
    ~slapd();
    slapd(const slapd&) = delete;

    void start();  // waits until it answers
    void stop();
    void freeze();  // accepts, and never answers, until `thaw`
    void thaw();
    [[nodiscard]] std::string admin_dn() const { return "cn=admin," + base_; }
    static constexpr const char* admin_password = "Verwalter-2026";
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string tls_url() const {
        return "ldaps://127.0.0.1:" + std::to_string(tls_port_);
    }
    [[nodiscard]] std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }

private:
    std::filesystem::path folder_;
    std::string base_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    pid_t child_ = -1;
};

}  // namespace kommpass::tests
