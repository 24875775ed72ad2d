#pragma once

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/message.hpp"
#include "idp/provider.hpp"
#include "idp/web/pages.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>

namespace kommpass::idp::login {

struct checked_password {
    std::optional<identity> who;  // nothing: refused, for `problem`
    web::sign_in_problem problem = web::sign_in_problem::none;
    std::chrono::seconds wait{0};  // with too_many_attempts
    bool may_change = false;       // with password_expired, password_must_change: here, through us
};

// Asks the member's directory whether the password is right; slows guessing before the directory
// sees it, so that our lock comes before theirs. What a person is told never tells whether a name
// exists; every refusal is recorded.
[[nodiscard]] boost::asio::awaitable<checked_password> check_password(
    provider&, const http::request&, const policies::member&, const std::string& user_name,
    secret_string password, const client_id& client);

}  // namespace kommpass::idp::login
