#pragma once

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/protocol_error.hpp"

#include <string>

namespace kommpass::idp::oauth {

// An access token as a request to a resource carries it (RFC 6750, 2; RFC 9449, 7.1), unproven.
struct presented_token {
    enum class scheme { bearer, dpop };
    std::string text;
    presented_token::scheme scheme = scheme::bearer;
};

// In the Authorization header only.
[[nodiscard]] protocol_result<presented_token> token_in_header(const http::request&);
// In the header, or in the form body of a POST; never in the query (RFC 9700, 4.3.2), and never in
// two places.
[[nodiscard]] protocol_result<presented_token> token_in_header_or_body(const http::request&);

}  // namespace kommpass::idp::oauth
