#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/jose/openssl.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// A client's public key that answers are encrypted to. Immutable.
struct encryption_key {
    key_management alg;
    std::string kid;
    openssl::key key;
};

// The first key of a client's set (RFC 7517, JSON text) that serves this: with a `kid`, `use`
// "enc", no other `alg`, of P-256 or RSA of 2048 bit at least. An error is a sentence for the
// client.
[[nodiscard]] result<encryption_key, std::string> encryption_key_in(std::string_view jwks,
                                                                    key_management alg);

}  // namespace kommpass::idp::jose
