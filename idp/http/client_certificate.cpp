#include "idp/http/client_certificate.hpp"

#include "idp/http/certificate_header.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace kommpass::idp::http {
namespace {

struct certificate_deleter {
    void operator()(X509* one) const { ::X509_free(one); }
};

}  // namespace

std::string peer_certificate(ssl_st* connection) {
    const std::unique_ptr<X509, certificate_deleter> shown(::SSL_get1_peer_certificate(connection));
    if (!shown) return {};
    unsigned char* bytes = nullptr;
    const int size = ::i2d_X509(shown.get(), &bytes);
    if (size <= 0) return {};
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

void take_certificate(request& asked, std::string_view name, bool from_trusted,
                      const std::string& of_connection) {
    asked.certificate = of_connection;
    asked.certificate_ignored = false;
    asked.certificate_unreadable = false;
    if (name.empty()) return;
    const bool twice = asked.occurs_twice(name);
    const auto value = asked.header(name);
    // An empty one says that the client showed none.
    const bool is_there = twice || (value && !value->empty());
    if (is_there && from_trusted) {
        auto der = twice ? std::nullopt : certificate_in_header(*value);
        asked.certificate_unreadable = !der.has_value();
        asked.certificate = std::move(der).value_or(std::string());
    } else if (is_there) {
        asked.certificate_ignored = true;
    }
    std::erase_if(asked.headers, [&](const auto& header) { return header.first == name; });
}

}  // namespace kommpass::idp::http
