#pragma once

#include <filesystem>
#include <string>

namespace kommpass::tests {

// A certificate authority of the test's own, in a folder, and what it signs. Made with the openssl
// command.
class test_authority {
public:
    explicit test_authority(std::filesystem::path folder, const std::string& name = "Test-CA");

    struct pair {
        std::filesystem::path certificate;
        std::filesystem::path key;
    };
    // For a server: `names` as subjectAltName wants them, "IP:127.0.0.1,DNS:dc1.kommune.example";
    // for a client: empty, and the subject is what counts, "/CN=kommpass".
    [[nodiscard]] pair issue(const std::string& file_name, const std::string& subject,
                             const std::string& names = {}) const;
    [[nodiscard]] std::filesystem::path ca_file() const { return folder_ / "ca.pem"; }

private:
    std::filesystem::path folder_;
};

}  // namespace kommpass::tests
