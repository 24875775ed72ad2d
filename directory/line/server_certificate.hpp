#pragma once

#include <cstdint>
#include <string>

struct x509_st;

namespace kommpass::directory {

// A certificate that a server has shown, for a person to compare and confirm.
struct seen_certificate {
    std::string subject;
    std::string issuer;
    std::string from;  // "2026-01-01"
    std::string until;
    std::string sha256;  // of its DER, "AB:CD:..."
    bool is_authority = false;
    std::string pem;
    std::int64_t ends_at = 0;  // Unix seconds
};

[[nodiscard]] seen_certificate described(x509_st*);
// Subject < issuer: "CN=dc1 < CN=Amt-CA, 2026-01-01 - 2027-01-01, SHA-256 AB:CD:..."
[[nodiscard]] std::string in_one_line(const seen_certificate&);
// What subjectAltName names, "dc1.amt.example, 10.1.2.3"; the subject if it names nothing.
[[nodiscard]] std::string names_of(x509_st*);

}  // namespace kommpass::directory
