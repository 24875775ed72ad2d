#pragma once

#include "idp/http/message.hpp"
#include "idp/oauth/authorization_request.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::oauth {

using response_parameters = std::vector<std::pair<std::string, std::string>>;

// The answer to an authorization request: `parameters` with `state` and `iss` (RFC 9207) added, as
// a redirect (303, RFC 9700, 4.12) or as a page that posts itself (OAuth 2.0 Form Post Response
// Mode).
[[nodiscard]] http::response answer_to_client(const response_target&, const std::string& issuer,
                                              response_parameters parameters, const web::frame&);

[[nodiscard]] http::response error_to_client(const refused_to_client&, const std::string& issuer,
                                             const web::frame&);

}  // namespace kommpass::idp::oauth
