#include "idp/oauth/encrypted_answer.hpp"

#include "idp/jose/encryption_key.hpp"
#include "policies/registry.hpp"

namespace kommpass::idp::oauth {

protocol_result<std::string> encrypted_for(const policies::client& client, key_management alg,
                                           content_encryption enc, jose::jwe_content what,
                                           std::string_view plain) {
    const auto key = jose::encryption_key_in(client.jwks, alg);
    if (!key) return token_error::unauthorized_client("the client's " + key.error());
    auto made = jose::encrypt(*key, enc, what, plain);
    if (!made)
        return token_error::unauthorized_client(
            "the client's jwks has a key that cannot be encrypted to");
    return std::move(*made);
}

protocol_result<std::string> id_token_for(const policies::client& client,
                                          std::string signed_token) {
    if (signed_token.empty() || !client.id_token_encryption_alg) return signed_token;
    return encrypted_for(client, *client.id_token_encryption_alg, client.id_token_encryption_enc,
                         jose::jwe_content::signed_jwt, signed_token);
}

}  // namespace kommpass::idp::oauth
