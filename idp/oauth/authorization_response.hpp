#pragma once

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

// The answer to an authorization request: `parameters` with `state` and `iss` (RFC 9207) added, as
// a redirect (303, RFC 9700, 4.12), as a page that goes on by itself, or as a page that posts
// itself (OAuth 2.0 Form Post Response Mode).
[[nodiscard]] http::response answer_to_client(const response_target&, const std::string& issuer,
                                              response_parameters parameters, const web::frame&,
                                              way_out);

[[nodiscard]] response_parameters parameters_of(const refused_to_client&);

// On to an address outside that is proven to be registered. What is no web page (RFC 8252, 7.1) is
// led to by a redirect: browsers open other programs only out of what a person has pressed.
[[nodiscard]] http::response go_out(const std::string& uri, const web::frame&, way_out);

}  // namespace kommpass::idp::oauth
