#pragma once

#include "idp/jose/algorithm.hpp"
#include "idp/jose/openssl.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// A key that verifies, and signs if it has its private part. Immutable and thread-safe: each thread
// keeps a context of its own for each key.
class signing_key {
public:
    signing_key(jose::algorithm, openssl::key);

    [[nodiscard]] static signing_key generate(jose::algorithm);  // P-256, RSA of 3072 bit, Ed25519
    // The same for who may lose patience, as an RSA key takes a second or many on a busy machine:
    // nothing once `given_up` is set, from whichever thread.
    [[nodiscard]] static std::optional<signing_key> generate(jose::algorithm,
                                                             const std::atomic<bool>& given_up);
    // DER of a private key. Nothing for another kind of key than the algorithm's, another curve
    // than P-256, RSA under 3072 bit.
    [[nodiscard]] static std::optional<signing_key> from_private_der(jose::algorithm,
                                                                     std::string_view der);
    // RFC 7517. Nothing for what does not fit the algorithm; RSA under 2048 bit is refused.
    [[nodiscard]] static std::optional<signing_key> from_public_jwk(jose::algorithm,
                                                                    const boost::json::object&);

    [[nodiscard]] std::string to_private_der() const;
    [[nodiscard]] boost::json::object to_public_jwk()
        const;                                     // kty and its parameters; no kid, use, alg
    [[nodiscard]] std::string thumbprint() const;  // RFC 7638, base64url

    // The signature as JWS has it (RFC 7518, 3): 64 bytes for ES256, never DER.
    [[nodiscard]] std::string sign(std::string_view message) const;
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

    [[nodiscard]] jose::algorithm algorithm() const noexcept { return algorithm_; }

private:
    jose::algorithm algorithm_;
    openssl::key key_;
    std::uint64_t number_;  // tells keys apart in the threads' caches
};

}  // namespace kommpass::idp::jose
