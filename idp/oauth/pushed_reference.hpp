#pragma once

#include <optional>
#include <string>
#include <string_view>

// The `request_uri` that stands for a pushed authorization request (RFC 9126, 2.2). Pure.
namespace kommpass::idp::oauth::pushed_reference {

inline constexpr std::string_view prefix = "urn:ietf:params:oauth:request_uri:";

[[nodiscard]] std::string uri_of(std::string_view token);

// What the store knows the request by: SHA-256 of the token. Nothing for any other URI; "" for
// one of this form that was never given out.
[[nodiscard]] std::optional<std::string> hash_in(std::string_view request_uri);

}  // namespace kommpass::idp::oauth::pushed_reference
