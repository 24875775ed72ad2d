#pragma once

#include "idp/http/response.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::http {

// The fixed sets of security headers, spelled out once at start.
class security_headers {
public:
    // `https`: whether browsers reach us by https, directly or through a proxy that ends TLS; adds
    // Strict-Transport-Security (RFC 6797).
    explicit security_headers(bool https);

    // Appends the header lines that this kind of answer gets, each ended by CRLF.
    void append_to(std::string& head, const response&) const;

private:
    void append_page_policy(std::string& head, const response&) const;

    std::string every_;
    std::string api_;
    std::string page_;
};

}  // namespace kommpass::idp::http
