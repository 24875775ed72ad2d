#pragma once

#include "idp/oauth/protocol_error.hpp"

namespace kommpass::idp::http {
struct request;
class form;
}  // namespace kommpass::idp::http

namespace kommpass::idp::oauth {

// The form body of a POST to a protocol endpoint, or `invalid_request`: right content type,
// strictly decoded, no parameter twice (RFC 6749, 3.1 and 3.2) but `resource` (RFC 8707, 2).
[[nodiscard]] protocol_result<http::form> read_form_body(const http::request&);

}  // namespace kommpass::idp::oauth
