#pragma once

#include <string_view>

namespace kommpass::idp::oauth::pkce {

// The one code_challenge_method.
inline constexpr std::string_view method = "S256";

// A code_challenge that S256 can have made: 43 characters of base64url (RFC 7636, 4.2).
[[nodiscard]] bool well_formed_challenge(std::string_view challenge) noexcept;

// Checks a verifier against the challenge that the authorization request carried.
// `verifier`: 43 to 128 characters of the unreserved set (RFC 7636, 4.1); anything else is false.
// Only S256 exists here: `plain` is refused when the request is parsed (RFC 9700, 2.1.1).
// Constant time in the challenge's bytes.
[[nodiscard]] bool verifies(std::string_view challenge, std::string_view verifier);

}  // namespace kommpass::idp::oauth::pkce
