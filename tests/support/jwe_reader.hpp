#pragma once

#include "idp/jose/openssl.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::tests {

// A client's own side of encrypted answers: a key, how it registers it, and reading what was
// encrypted to it.
class jwe_reader {
public:
    // "EC" (P-256) or "RSA" (2048 bit).
    explicit jwe_reader(std::string_view kty, std::string kid = "lesbar");

    [[nodiscard]] boost::json::object jwk() const;  // public, with kid and use "enc"
    [[nodiscard]] std::string jwks() const;         // a set of that one, as text
    // Nothing where the key, the header or the tag is wrong.
    [[nodiscard]] std::optional<std::string> open(std::string_view jwe) const;
    [[nodiscard]] static boost::json::object header_of(std::string_view jwe);

private:
    std::string kty_;
    std::string kid_;
    idp::jose::openssl::key key_;
};

}  // namespace kommpass::tests
