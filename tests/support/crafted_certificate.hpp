#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace kommpass::tests {

// A certificate made for a test, right or wrong in any one thing.
struct certificate_wish {
    std::string subject = "directory";   // its common name
    std::string names = "IP:127.0.0.1";  // subjectAltName; empty: none
    std::string key = "P-256";           // or "RSA-1024", "RSA-2048"
    std::string digest = "SHA256";       // or "SHA1"
    std::chrono::hours from{-24};        // from now
    std::chrono::hours until{24 * 90};
    bool is_authority = false;
};

// As PEM. `signer`: whose key signs; the default signs itself.
struct crafted_certificate {
    std::string certificate;
    std::string key;
    std::string subject;
};
[[nodiscard]] crafted_certificate craft(const certificate_wish&,
                                        const crafted_certificate* signer = nullptr);

// Writes both beside each other, "<name>.pem" and "<name>.key", and gives the certificate's path.
std::filesystem::path write_down(const crafted_certificate&, const std::filesystem::path& folder,
                                 const std::string& name);

}  // namespace kommpass::tests
