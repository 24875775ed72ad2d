#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/line/connect_fault.hpp"

#include <openssl/ssl.h>

#include <memory>

namespace kommpass::directory {

using shared_tls_context = std::shared_ptr<SSL_CTX>;

// Authorities and own certificate as the settings name them, and what TLS may be: kept while the
// files stay as they are, since reading them costs milliseconds. `ca_file` empty: the system's
// authorities; `ca_certificate` is trusted besides. Reads files: for worker threads. Thread-safe.
[[nodiscard]] result<shared_tls_context, connect_fault> tls_context_for(const directory_settings&);

}  // namespace kommpass::directory
