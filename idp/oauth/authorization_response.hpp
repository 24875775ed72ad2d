#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/oauth/authorization_request.hpp"
#include "idp/oauth/way_out.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::web {
struct frame;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::oauth {

using response_parameters = std::vector<std::pair<std::string, std::string>>;

// Who answers, and when.
struct answering {
    const std::string& issuer;
    const jose::key_ring& keys;
    instant now;
};

// The answer to an authorization request: `parameters` with `state` and `iss` (RFC 9207) added, as
// a redirect (303, RFC 9700, 4.12), as a page that goes on by itself, or as a page that posts
// itself (OAuth 2.0 Form Post Response Mode). In a signed mode they stand in the one parameter
// `response`.
[[nodiscard]] http::response answer_to_client(const response_target&, const answering&,
                                              response_parameters parameters, const web::frame&,
                                              way_out);

// The parameters as a JWT (JARM, 2.1): with `iss`, `aud` and `exp`, signed as the client
// registered. Good for as long as a code is.
[[nodiscard]] std::string signed_response(const response_target&, const answering&,
                                          const response_parameters&);

[[nodiscard]] response_parameters parameters_of(const refused_to_client&);

// On to an address outside that is proven to be registered. What is no web page (RFC 8252, 7.1) is
// led to by a redirect: browsers open other programs only out of what a person has pressed.
[[nodiscard]] http::response go_out(const std::string& uri, const web::frame&, way_out);

}  // namespace kommpass::idp::oauth
