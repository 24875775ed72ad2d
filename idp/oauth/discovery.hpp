#pragma once

#include <string>

namespace kommpass::config {
struct settings;
}

namespace kommpass::idp::oauth {

// The metadata of OpenID Connect Discovery 1.0 and RFC 8414: one document for both. Says nothing
// that is not so.
[[nodiscard]] std::string discovery_document(const config::settings&);

}  // namespace kommpass::idp::oauth
