#pragma once

#include "config/vocabulary/secret_string.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {

struct basic_credentials {
    std::string id;
    secret_string secret;
};

// A client's id and secret from an Authorization header's value (RFC 7617), each form-urlencoded
// within it (RFC 6749, 2.3.1). Nothing for another scheme, for base64 that is not exactly canonical
// with its padding, for bad percent sequences or bytes that are not UTF-8, for an empty id, and for
// more than 4096 characters.
[[nodiscard]] std::optional<basic_credentials> parse_basic_credentials(
    std::string_view authorization);

}  // namespace kommpass::idp::http
