#pragma once

#include "config/vocabulary/encryption_algorithm.hpp"
#include "idp/jose/jwe.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <string>
#include <string_view>

namespace kommpass::policies {
struct client;
}

namespace kommpass::idp::oauth {

// Encrypted to the client's own key (OpenID Connect Core, 10.2). The registry keeps keys as text;
// parsing them for each answer is paid only by clients that registered encryption. What
// must be encrypted never goes out otherwise.
[[nodiscard]] protocol_result<std::string> encrypted_for(const policies::client&, key_management,
                                                         content_encryption, jose::jwe_content,
                                                         std::string_view plain);

// A signed ID token as the client registered it: as it is, or encrypted. None stays none.
[[nodiscard]] protocol_result<std::string> id_token_for(const policies::client&,
                                                        std::string signed_token);

}  // namespace kommpass::idp::oauth
