#pragma once

#include "idp/http/message.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace kommpass::idp::oauth {

// A successful answer of the token endpoint (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3).
struct token_answer {
    std::string access_token;
    std::chrono::seconds expires_in;
    scope_list scope;
    std::string id_token;       // empty: none
    std::string refresh_token;  // empty: none
};

// What a grant is given: a proven client and its parameters.
struct token_request {
    const http::request& http;
    const http::form& form;
    const authenticated_client& client;
};

// POST /token (RFC 6749, 3.2): proves the client and hands over to the grant.
[[nodiscard]] boost::asio::awaitable<http::response> token_endpoint(provider&,
                                                                    const http::request&);

// One grant, one file.
using grant_result = boost::asio::awaitable<protocol_result<token_answer>>;
[[nodiscard]] grant_result redeem_authorization_code(provider&, const token_request&);
[[nodiscard]] grant_result redeem_refresh_token(provider&, const token_request&);
[[nodiscard]] grant_result issue_client_credentials(provider&, const token_request&);

}  // namespace kommpass::idp::oauth
