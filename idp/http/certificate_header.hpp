#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {

// A client's certificate as proxies hand it on, in DER:
//   RFC 9440          ":MIIC...=:"
//   nginx             "-----BEGIN%20CERTIFICATE-----%0AMIIC..." ($ssl_client_escaped_cert)
//   Apache            "-----BEGIN CERTIFICATE----- MIIC... -----END CERTIFICATE----- "
//   (SSL_CLIENT_CERT) HAProxy, Traefik  "MIIC...=" (base64 of DER; Traefik escapes '+', '/' and
//   '=')
// The forms cannot be mistaken for one another, so no setting tells which it is. Nothing for
// anything else: another or a second certificate in it, over 16 KiB, what is no one DER sequence.
// What the certificate says is not judged. Pure.
[[nodiscard]] std::optional<std::string> certificate_in_header(std::string_view value);

}  // namespace kommpass::idp::http
