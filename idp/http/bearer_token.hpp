#pragma once

#include <optional>
#include <string_view>

namespace kommpass::idp::http {

// The token of an Authorization header's value: scheme Bearer, or the one named ("dpop": RFC 9449,
// 7.1), in any case; token by the grammar b64token (RFC 6750, 2.1), at most 16 KiB, as large as a
// JWS of ours is read. Nothing otherwise. A view into the argument.
[[nodiscard]] std::optional<std::string_view> parse_bearer_token(
    std::string_view authorization, std::string_view scheme = "bearer");

}  // namespace kommpass::idp::http
