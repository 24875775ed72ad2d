#pragma once

#include <array>
#include <string_view>

// The grant types that a client can be registered for (RFC 6749, 1.3), named once.
namespace kommpass::policies::grant_types {

inline constexpr std::string_view authorization_code = "authorization_code";
inline constexpr std::string_view refresh_token = "refresh_token";
inline constexpr std::string_view client_credentials = "client_credentials";
inline constexpr std::string_view device_code =
    "urn:ietf:params:oauth:grant-type:device_code";  // RFC 8628, 3.4
inline constexpr std::string_view token_exchange =
    "urn:ietf:params:oauth:grant-type:token-exchange";  // RFC 8693, 2.1

inline constexpr std::array all{authorization_code, refresh_token, client_credentials, device_code,
                                token_exchange};

}  // namespace kommpass::policies::grant_types
