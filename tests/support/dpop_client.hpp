#pragma once

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/signing_key.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <functional>
#include <string>

namespace kommpass::tests {

// The key of an application that sends DPoP proofs (RFC 9449), and what it makes with it. Each
// proof has a `jti` of its own unless a change says otherwise.
class dpop_client {
public:
    using change = std::function<void(boost::json::object& header, boost::json::object& claims)>;

    explicit dpop_client(const kommpass::clock& time,
                         idp::jose::algorithm kind = idp::jose::algorithm::es256)
        : time_(time), key_(idp::jose::signing_key::generate(kind)) {}

    [[nodiscard]] std::string proof(const std::string& method, const std::string& address,
                                    const change& altered = {}) const {
        boost::json::object header{{"typ", "dpop+jwt"},
                                   {"alg", idp::jose::name_of(key_.algorithm())},
                                   {"jwk", key_.to_public_jwk()}};
        boost::json::object claims{{"jti", "proof-" + std::to_string(++count_)},
                                   {"htm", method},
                                   {"htu", address},
                                   {"iat", to_unix_seconds(time_.now())}};
        if (!nonce.empty()) claims["nonce"] = nonce;
        if (altered) altered(header, claims);
        return signed_as(header, claims);
    }
    [[nodiscard]] std::string proof_at_token_endpoint(const change& altered = {}) const {
        return proof("POST", "https://idp.example/token", altered);
    }
    [[nodiscard]] std::string proof_for(const std::string& access_token, const std::string& method,
                                        const std::string& address,
                                        const change& altered = {}) const {
        return proof(method, address, [&](auto& header, auto& claims) {
            claims["ath"] = base64url::encode(idp::jose::sha256(access_token));
            if (altered) altered(header, claims);
        });
    }
    [[nodiscard]] std::string signed_as(const boost::json::object& header,
                                        const boost::json::object& claims) const {
        const auto part = base64url::encode(boost::json::serialize(header)) + "." +
                          base64url::encode(boost::json::serialize(claims));
        return part + "." + base64url::encode(key_.sign(part));
    }
    [[nodiscard]] std::string thumbprint() const { return key_.thumbprint(); }
    [[nodiscard]] const idp::jose::signing_key& key() const { return key_; }

    std::string nonce;  // put into every proof; empty: none

private:
    const kommpass::clock& time_;
    idp::jose::signing_key key_;
    mutable int count_ = 0;
};

}  // namespace kommpass::tests
