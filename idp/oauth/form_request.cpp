#include "idp/oauth/form_request.hpp"

#include "idp/http/form_body.hpp"

namespace kommpass::idp::oauth {

protocol_result<http::form> read_form_body(const http::request& request) {
    auto form = http::read_form_body(request);
    if (!form) return token_error::invalid_request(form.error());
    return std::move(*form);
}

}  // namespace kommpass::idp::oauth
