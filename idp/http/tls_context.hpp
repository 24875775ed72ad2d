#pragma once

#include "config/settings.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace kommpass::idp::http {

// A server's TLS context by BSI TR-02102-2: TLS 1.2 with ECDHE and AES-GCM only, and TLS 1.3; the
// curves P-256, P-384 and P-521; no renegotiation, no compression, no early data. Why no X25519 and
// no ChaCha20: docs/decisions/0010-tls-parameters.md. Throws std::runtime_error naming the file and
// what is wrong with it.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> make_tls_context(const config::listener&);

}  // namespace kommpass::idp::http
