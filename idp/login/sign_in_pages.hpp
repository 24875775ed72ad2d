#pragma once

#include "idp/http/message.hpp"
#include "idp/login/sign_in_transaction.hpp"
#include "idp/oauth/authorization_request.hpp"
#include "idp/provider.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <chrono>
#include <string>

// Which page of the sign-in a person sees next. Pure of I/O: values in, a page out.
namespace kommpass::idp::login {

// What all pages of one sign-in share.
struct sign_in_view {
    sign_in_transaction transaction;
    web::frame frame;
    std::string form_action;  // CSP source of where the sign-in may lead; empty: only to ourselves
    bool reauthentication = false;
};

// A sign-in that serves an authorization request, or (`request` null) the person's own pages.
[[nodiscard]] sign_in_view make_view(const provider&, const http::request&,
                                     const sign_in_transaction&,
                                     const oauth::authorization_request* request);

// The page that an authorization request without a usable session leads to: both fields at once
// where the member is known (by login_hint, by remembered choice, by the session that has to be
// renewed), else the name first.
[[nodiscard]] http::response first_page(const provider&, const http::request&,
                                        const sessions::browser&,
                                        const oauth::authorization_request&,
                                        const sessions::signed_in* present);
[[nodiscard]] http::response first_page_of_account(const provider&, const http::request&,
                                                   const sessions::browser&);

struct sign_in_message {
    web::sign_in_problem problem = web::sign_in_problem::none;
    std::chrono::seconds wait{0};
};
[[nodiscard]] http::response name_page(const provider&, const sign_in_view&, std::string user_name,
                                       sign_in_message = {});
[[nodiscard]] http::response password_page(const provider&, const sign_in_view&,
                                           const policies::member&, std::string user_name,
                                           sign_in_message = {});
[[nodiscard]] http::response member_list(const provider&, const sign_in_view&,
                                         std::string user_name, std::string query);

}  // namespace kommpass::idp::login
