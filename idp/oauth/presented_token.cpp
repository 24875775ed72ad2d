#include "idp/oauth/presented_token.hpp"

#include "idp/http/bearer_token.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/oauth/form_request.hpp"

#include <optional>

namespace kommpass::idp::oauth {
namespace {

std::optional<presented_token> token_in(std::string_view authorization) {
    if (const auto bearer = http::parse_bearer_token(authorization))
        return presented_token{std::string(*bearer), presented_token::scheme::bearer};
    if (const auto bound = http::parse_bearer_token(authorization, "dpop"))
        return presented_token{std::string(*bound), presented_token::scheme::dpop};
    return std::nullopt;
}

}  // namespace

protocol_result<presented_token> token_in_header(const http::request& request) {
    if (request.occurs_twice("authorization"))
        return bearer_error::invalid_request("the Authorization header occurs twice");
    const auto header = request.header("authorization");
    auto token = header ? token_in(*header) : std::nullopt;
    if (!token) return bearer_error::no_token();
    return *std::move(token);
}

protocol_result<presented_token> token_in_header_or_body(const http::request& request) {
    const bool has_header =
        request.occurs_twice("authorization") || request.header("authorization").has_value();
    if (request.method == http::method::post && !request.body.empty()) {
        const auto form = read_form_body(request);
        const auto in_body = form ? form->get("access_token") : std::nullopt;
        if (in_body && has_header)
            return bearer_error::invalid_request("the token was sent in header and body");
        if (in_body) return presented_token{std::string(*in_body), presented_token::scheme::bearer};
    }
    return token_in_header(request);
}

}  // namespace kommpass::idp::oauth
