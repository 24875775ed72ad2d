#pragma once

#include "idp/http/method.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::http {

// A whole request, already bounded (header and body sizes) by the server. Views into it live as
// long as it does.
struct request {
    http::method method = method::get;
    std::string path;                                          // decoded once; "/authorize"
    std::string query;                                         // raw, without '?'
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in order
    std::string body;
    boost::asio::ip::address
        peer;        // the client's; from the trusted proxy's header where one is configured
    std::string id;  // request id: in logs, on error pages, in X-Request-Id

    // The client's certificate, DER, unproven but that the client has its key; empty: none. From
    // TLS, or from the header that the settings name, where a trusted proxy sent the request.
    std::string certificate;
    // Such a header was there, and is not believed: it came from elsewhere.
    bool certificate_ignored = false;
    // Such a header was there and cannot be read, or was there twice.
    bool certificate_unreadable = false;

    // The header's value. Nothing if absent, and nothing if it occurs twice (see `occurs_twice`).
    [[nodiscard]] std::optional<std::string_view> header(
        std::string_view lower_case_name) const noexcept;
    [[nodiscard]] bool occurs_twice(std::string_view lower_case_name) const noexcept;
};

}  // namespace kommpass::idp::http
