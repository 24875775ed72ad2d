#pragma once

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/message.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/provider.hpp"
#include "idp/web/pages.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

// New passwords, set in the member's own directory.
namespace kommpass::idp::login {

struct wanted_password {
    std::string user_name;
    secret_string old_password;
    secret_string new_password;
    secret_string repeated;

    // Takes the fields of the password page, and wipes them in the form.
    [[nodiscard]] static wanted_password from(http::form&, std::string user_name);
};

// What was wrong, as the page says it.
struct refused_password {
    web::password_page::message why = web::password_page::message::unavailable;
    std::string server_message;
};

// Changes the password in the directory, which checks the old one; slows guessing as a sign-in
// does; records how it ended. Nothing: it is done.
[[nodiscard]] boost::asio::awaitable<std::optional<refused_password>> change_password(
    provider&, const http::request&, const policies::member&, wanted_password);

// The page of a sign-in that cannot go on, or had better not, without a new password.
struct password_prompt {
    web::password_page::message what = web::password_page::message::must_change;
    unsigned days_left = 0;
    std::string server_message;
    bool offer_later = false;
};
[[nodiscard]] http::response new_password_page(const provider&, const sign_in_view&,
                                               const policies::member&, std::string user_name,
                                               password_prompt);

// GET and POST /account/password: the person's own wish.
[[nodiscard]] boost::asio::awaitable<http::response> account_password_endpoint(
    provider&, const http::request&);

}  // namespace kommpass::idp::login
