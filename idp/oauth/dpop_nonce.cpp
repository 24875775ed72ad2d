#include "idp/oauth/dpop_nonce.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::oauth {
namespace {

constexpr long long period = 300;  // seconds

std::string nonce_of(const jose::key_ring& keys, nonce_realm realm, long long number) {
    const std::string_view purpose = realm == nonce_realm::authorization
                                         ? "DPoP nonce of the authorization server"
                                         : "DPoP nonce of the resources";
    return base64url::encode(keys.keyed_hash(purpose, std::to_string(number)));
}

}  // namespace

std::string dpop_nonce(const jose::key_ring& keys, nonce_realm realm, instant now) {
    return nonce_of(keys, realm, to_unix_seconds(now) / period);
}

nonce_standing judge_dpop_nonce(const jose::key_ring& keys, nonce_realm realm,
                                std::string_view nonce, instant now) {
    const auto number = to_unix_seconds(now) / period;
    const auto is = [&](long long one) {
        return equal_in_constant_time(nonce_of(keys, realm, one), nonce);
    };
    if (is(number) || is(number + 1)) return nonce_standing::current;
    return is(number - 1) ? nonce_standing::earlier : nonce_standing::unknown;
}

}  // namespace kommpass::idp::oauth
