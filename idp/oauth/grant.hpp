#pragma once

#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/oauth/token_answer.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// Who asks for tokens: a request whose client is proven. Refers to values of the token endpoint,
// which live until it has answered.
struct grant_caller {
    const http::request& http;
    const authenticated_client& client;
    // The key that its tokens will be bound to; none where the request proved none, and the client
    // need not.
    const key_confirmation& key;
};

using grant_result = boost::asio::awaitable<protocol_result<token_answer>>;

// A grant type (RFC 6749, 1.3) is a class of this form, in a file of its own:
//
//     static constexpr std::string_view name;          // as in `grant_type`
//     static constexpr bool confidential_only;         // not for public clients
//     static protocol_result<Request> parse(const http::form&);
//     grant_result run(const grant_caller&, const Request&);
//
// `parse` is pure; after it nobody looks at a raw parameter again. The constructor names what `run`
// needs.

}  // namespace kommpass::idp::oauth
