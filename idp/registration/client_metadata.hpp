#pragma once

#include "config/vocabulary/result.hpp"
#include "policies/registry.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace kommpass::idp::registration {

// An error of the registration endpoints (RFC 7591, 3.2.2).
struct metadata_error {
    std::string code;         // "invalid_redirect_uri", "invalid_client_metadata", ...
    std::string description;  // ASCII without '"' and '\'
};

// What a client says of itself (RFC 7591, 2; OpenID Connect Registration, 2), as a client of the
// registry: without id, secret and approval. Members that are not known are ignored; what is known
// and not offered here is refused by name. Pure; `body` is at most 16 KiB.
[[nodiscard]] result<policies::client, metadata_error> read_client_metadata(std::string_view body);

// What is registered for a client, as it would send it.
[[nodiscard]] boost::json::object client_metadata(const policies::client&);

// Text that may stand in an error_description (RFC 6749, 5.2), cut at 300 bytes.
[[nodiscard]] std::string as_description(std::string_view);

}  // namespace kommpass::idp::registration
