#pragma once

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <string>

struct ssl_st;

namespace kommpass::idp::http {

// The certificate that the client of this TLS connection showed, DER; empty: none. That it has the
// key, TLS proved; what it is worth, whoever asks for it judges (RFC 8705).
[[nodiscard]] std::string peer_certificate(ssl_st*);

// Puts the certificate of a request where handlers look for it, and takes the header off it.
// `name`: the header, in lower case, of the settings; empty: none. `from_trusted`: the connection
// is a proxy's that may send it. `of_connection`: what TLS itself said.
void take_certificate(request&, std::string_view name, bool from_trusted,
                      const std::string& of_connection);

}  // namespace kommpass::idp::http
