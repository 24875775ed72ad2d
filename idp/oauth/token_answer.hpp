#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/store/opaque_tokens.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass {
class randomness;
}
namespace kommpass::policies {
struct application;
struct client;
}  // namespace kommpass::policies
namespace kommpass::idp::http {
struct response;
}
namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

struct exchange;
struct token_subject;
struct key_confirmation;

// A successful answer of the token endpoint (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3).
struct token_answer {
    std::string access_token;
    std::chrono::seconds expires_in;
    scope_list scope;
    std::string id_token;       // empty: none
    std::string refresh_token;  // empty: none
    std::string_view token_type = "Bearer";
    std::string issued_token_type{};  // of an exchange (RFC 8693, 2.2.1); empty: none was
    // Stored by the token endpoint before it answers: what an opaque access token says.
    std::optional<store::opaque_token> to_keep{};
    std::string
        details_json{};  // granted beside the scope (RFC 9396, 7); empty: none was asked for
};

[[nodiscard]] http::response to_response(const token_answer&);

// Makes the tokens of an answer, with the keys of this moment. Its parts outlive it.
class token_answers {
public:
    token_answers(const std::string& issuer, const live<jose::key_ring>& keys, randomness& random)
        : issuer_(issuer), keys_(keys), random_(random) {}

    // With an ID token where the scope has `openid`. `nonce` and `refresh_token` may be empty.
    [[nodiscard]] token_answer for_person(const token_subject&, std::string_view nonce,
                                          std::string refresh_token, instant now) const;
    // For a client that exchanges somebody's token: no refresh token, no ID token (RFC 8693, 2.2).
    [[nodiscard]] token_answer for_exchange(const token_subject&, const exchange&,
                                            instant now) const;
    // No refresh token, no ID token, no roles (RFC 6749, 4.4.3).
    [[nodiscard]] token_answer for_client(const policies::client&, const policies::application&,
                                          scope_list, const resource_list&, const key_confirmation&,
                                          instant now) const;

private:
    const std::string& issuer_;
    const live<jose::key_ring>& keys_;
    randomness& random_;
};

}  // namespace kommpass::idp::oauth
