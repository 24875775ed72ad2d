#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// The three parts of a JWS in compact serialization (RFC 7515, 7.1), decoded.
struct compact_jws {
    std::string_view
        signed_part;  // header and payload as they were signed; a view into the argument
    std::string header;
    std::string payload;
    std::string signature;
};

// Nothing for anything but three parts of strict base64url, or over 16 KiB.
[[nodiscard]] std::optional<compact_jws> split_compact(std::string_view jws);

}  // namespace kommpass::idp::jose
