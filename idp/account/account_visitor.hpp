#pragma once

#include "idp/account/account_parts.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <variant>

namespace kommpass::idp::http {
struct request;
}

namespace kommpass::idp::account {

// Who this browser is. Else the answer that leads on: the sign-in page, or one that says why not.
[[nodiscard]] boost::asio::awaitable<std::variant<sessions::signed_in, http::response>>
find_visitor(const account_parts&, const http::request&);

// The form of a POST to one of the pages: well-formed, and shown to this very session. Else the
// answer that says what is wrong with it.
[[nodiscard]] std::variant<http::form, http::response> posted_form(const account_parts&,
                                                                   const http::request&,
                                                                   const sessions::signed_in&);

}  // namespace kommpass::idp::account
