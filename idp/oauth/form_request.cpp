#include "idp/oauth/form_request.hpp"

#include "idp/http/form_body.hpp"
#include "idp/oauth/resource.hpp"

namespace kommpass::idp::oauth {

protocol_result<http::form> read_form_body(const http::request& request) {
    // Of a POST this is its body; of anything else no endpoint asks.
    auto form = http::read_query_or_body(request);
    if (!form) return token_error::invalid_request(form.error());
    if (repeats_another(*form))
        return token_error::invalid_request("a parameter occurs more than once");
    return std::move(*form);
}

}  // namespace kommpass::idp::oauth
