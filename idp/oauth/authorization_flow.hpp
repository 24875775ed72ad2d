#pragma once

#include "idp/http/message.hpp"
#include "idp/oauth/authorization_request.hpp"
#include "idp/provider.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::oauth {

// Whether the person has already been asked to consent in this very transaction.
enum class consent_answer { not_asked, given };

// What follows once the person is known: may they use the application, must they be asked, then the
// code. Stores a new session, the code and their records in one durable step.
[[nodiscard]] boost::asio::awaitable<http::response> finish_authorization(
    provider&, const http::request&, const sessions::browser&, const authorization_request&,
    sessions::signed_in, consent_answer);

// The error page for a request whose client or redirect URI is not proven.
[[nodiscard]] boost::asio::awaitable<http::response> refuse_with_page(provider&,
                                                                      const http::request&,
                                                                      const refused_with_page&);

// The error that goes back to the client, recorded.
[[nodiscard]] boost::asio::awaitable<http::response> refuse_to_client(provider&,
                                                                      const http::request&,
                                                                      const refused_to_client&);

// A refusal of a request that was right so far.
[[nodiscard]] refused_to_client refusal_of(const authorization_request&, std::string_view error,
                                           std::string_view description);

}  // namespace kommpass::idp::oauth
