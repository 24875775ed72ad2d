#pragma once

#include "config/vocabulary/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
struct response;
}

namespace kommpass::idp::oauth {

// An error of a JSON endpoint, as its specification words it. Made only by the functions below, so
// that codes and statuses stand side by side.
struct protocol_error {
    unsigned status;
    std::string code;          // empty: no code is told (RFC 6750, 3.1: a request without a token)
    std::string description;   // ASCII without '"' and '\'; nothing that helps an attacker
    std::string challenge;     // WWW-Authenticate; empty: none
    std::string dpop_nonce{};  // DPoP-Nonce; empty: none
};

template <class T>
using protocol_result = result<T, protocol_error>;

// Text that may stand in an error_description (RFC 6749, 5.2): whatever is none of its characters
// becomes an apostrophe, and what is over 300 bytes is cut. For what others wrote, or had a part
// in.
[[nodiscard]] std::string as_error_description(std::string_view);

// RFC 6749, 5.2; RFC 7009, 2.2.1
namespace token_error {
[[nodiscard]] protocol_error invalid_request(std::string_view description);
[[nodiscard]] protocol_error invalid_client(std::string_view description);
[[nodiscard]] protocol_error invalid_grant(std::string_view description);
[[nodiscard]] protocol_error unauthorized_client(std::string_view description);
[[nodiscard]] protocol_error unsupported_grant_type(std::string_view description);
[[nodiscard]] protocol_error invalid_scope(std::string_view description);
[[nodiscard]] protocol_error invalid_target();  // RFC 8707, 2
[[nodiscard]] protocol_error unsupported_token_type(std::string_view description);
// RFC 8628, 3.5
[[nodiscard]] protocol_error authorization_pending();
[[nodiscard]] protocol_error slow_down();
[[nodiscard]] protocol_error expired_token();
[[nodiscard]] protocol_error access_denied();
// RFC 9449, 5 and 8
[[nodiscard]] protocol_error invalid_dpop_proof(std::string_view description);
[[nodiscard]] protocol_error use_dpop_nonce(std::string nonce);
// The store or a directory does not answer. 503: the client may try again.
[[nodiscard]] protocol_error temporarily_unavailable(std::string_view description);
}  // namespace token_error

// What a sign-in would have to be like (RFC 9470, 3).
struct insufficient_sign_in {
    std::string acr_values;                       // separated by spaces; empty: any
    std::optional<std::chrono::seconds> max_age;  // unset: any
};

// RFC 6750, 3
namespace bearer_error {
[[nodiscard]] protocol_error no_token();
[[nodiscard]] protocol_error invalid_request(std::string_view description);
[[nodiscard]] protocol_error invalid_token(std::string_view description);
[[nodiscard]] protocol_error insufficient_scope(std::string_view description,
                                                std::string_view scope);
}  // namespace bearer_error

// Of a resource, with the challenge of the token's own scheme: "Bearer" or "DPoP".
[[nodiscard]] protocol_error insufficient_user_authentication(std::string_view scheme,
                                                              const insufficient_sign_in&);

// A device that polls is told to wait, many times: that refuses nothing.
[[nodiscard]] bool is_wait(const protocol_error&) noexcept;

// RFC 9449, 7.1 and 9: what a resource says of a token that is bound to a key.
namespace dpop_error {
[[nodiscard]] protocol_error invalid_token(std::string_view description);
[[nodiscard]] protocol_error invalid_dpop_proof(std::string_view description);
[[nodiscard]] protocol_error use_dpop_nonce(std::string nonce);
}  // namespace dpop_error

// What the authorization endpoint would have sent back, to a client that pushes its request
// (RFC 9126, 2.3): 400.
[[nodiscard]] protocol_error authorization_error(std::string_view code,
                                                 std::string_view description);

[[nodiscard]] http::response to_response(const protocol_error&);

}  // namespace kommpass::idp::oauth
