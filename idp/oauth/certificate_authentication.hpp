#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace kommpass::policies {
struct client;
}

// Mutual TLS (RFC 8705): what a client's certificate is worth. That the client has its key, TLS
// proved, or the proxy before us. Certificates are DER. Pure, but for reading the authorities'
// file.
namespace kommpass::idp::oauth {

// `x5t#S256` (3.1): the SHA-256 of the certificate, base64url.
[[nodiscard]] std::string certificate_thumbprint(std::string_view certificate);

// Whose certificates `tls_client_auth` takes. Immutable; thread-safe.
class client_authorities {
public:
    // Throws std::runtime_error naming the file and what is wrong. An empty path: nobody's.
    explicit client_authorities(const std::filesystem::path& pem);
    ~client_authorities();
    client_authorities(const client_authorities&) = delete;

    // 2.1: a certificate of one of them, good at this time and for clients. Empty: it is.
    [[nodiscard]] std::string why_not(std::string_view certificate, instant now) const;

private:
    struct store;
    std::unique_ptr<store> store_;
};

// 2.1.2: it names what the client registered: the subject (compared as RFC 4514 has it), or one of
// the alternative names. Empty: it does.
[[nodiscard]] std::string fault_of_subject(const policies::client&, std::string_view certificate);

// 2.2: it is over one of these keys (a JWK set, with or without `x5c`), and good at this time.
// Empty: it is.
[[nodiscard]] std::string fault_of_self_signed(std::string_view jwks, std::string_view certificate,
                                               instant now);

}  // namespace kommpass::idp::oauth
