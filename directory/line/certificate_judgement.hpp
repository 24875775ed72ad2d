#pragma once

#include "directory/line/connect_fault.hpp"

#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

namespace kommpass::directory {

// The one judgement on a directory server's certificate: everything that is wrong with it, each by
// its name and with the certificate that it is about; nothing if it is to be trusted. Pure.
// `trusted`: what is believed, an authority's certificate or the server's own. `sent`: the chain as
// the server sent it; may be null. `host`: as the settings name the server; it has to be among the
// subjectAltNames (RFC 6125, 6.4.4: the subject does not count). Keys and signatures are held to
// 112 bits of strength: RSA of 2048 bit, no SHA-1.
[[nodiscard]] std::vector<connect_fault> judge_certificate(X509_STORE* trusted, X509* own,
                                                           STACK_OF(X509) * sent,
                                                           const std::string& host,
                                                           std::int64_t now_unix_seconds);

}  // namespace kommpass::directory
