#pragma once

#include "idp/http/form.hpp"
#include "idp/http/message.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <optional>

namespace kommpass::idp::oauth {

// A client that has proven who it is; or a public one, which cannot, and has PKCE instead.
// The pointers live as long as `registry`.
struct authenticated_client {
    policies::snapshot_ptr registry;
    const policies::client* client;
    const policies::application* application;

    [[nodiscard]] bool is_public() const noexcept {
        return client->authentication == policies::client_authentication::none;
    }
};

// Finds and proves the client of a request to the token, introspection or revocation endpoint:
// client_secret_basic, client_secret_post (RFC 6749, 2.3.1), private_key_jwt (RFC 7523, OpenID
// Connect Core, 9) or none. A client uses the method that it is registered for; two methods at once
// are `invalid_request`.
[[nodiscard]] boost::asio::awaitable<protocol_result<authenticated_client>> authenticate_client(
    provider&, const http::request&, const http::form&);

// Who the request says it comes from, unproven: for the log. Empty if it names nobody.
[[nodiscard]] std::string claimed_client_id(const http::request&, const http::form&);

// The checks on the claims of a client assertion; the signature is proven. A pure function.
// Gives the time until which its `jti` must be remembered, or what is wrong.
[[nodiscard]] result<instant, std::string> judge_client_assertion(const boost::json::object& claims,
                                                                  std::string_view client_id,
                                                                  const std::string& issuer,
                                                                  instant now);

}  // namespace kommpass::idp::oauth
