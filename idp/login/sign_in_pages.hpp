#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/purpose.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/web/pages.hpp"
#include "policies/snapshot.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}

// Which page of the sign-in a person sees next.
namespace kommpass::idp::login {

// What all pages of one sign-in share.
struct sign_in_view {
    sign_in_state state;
    web::frame frame;
    std::string form_action;  // CSP source of where the sign-in may lead; empty: only to ourselves
    bool offers_cancel = false;
    bool answers_form = false;  // then the answer is a redirect to the page
    web::client_links links{};
};

// How a sign-in begins.
struct beginning {
    std::string_view purpose;
    std::string parameters;
    appearance looks;
    std::string login_hint;
    // Who is signed in already, and has to prove it anew; may be null.
    const sessions::signed_in* renews = nullptr;
    bool anew = false;  // the page before was of another browser, or too old: said on this one
};

// Whom a page names, and why.
struct named_member {
    const policies::member& member;
    member_choice why;
};

// Values in, a page out, or the redirect to it where a form is answered: no I/O. Thread-safe; what
// it refers to outlives it.
class sign_in_pages {
public:
    sign_in_pages(const config::settings& settings, const clock& time, randomness& random,
                  const live<jose::key_ring>& keys, const live<policies::snapshot>& registry)
        : settings_(settings), time_(time), random_(random), keys_(keys), registry_(registry) {}

    // Where a purpose without a usable session leads: both fields at once where this browser knows
    // the member (by the session that has to be renewed, by the choice that it remembers), else the
    // name first. A login_hint fills in the name and picks nobody: with the name of another member
    // it leads to the name first.
    [[nodiscard]] http::response first(const http::request&, const sessions::browser&,
                                       beginning) const;

    [[nodiscard]] sign_in_view view_of(const http::request&, sign_in_state,
                                       const appearance&) const;
    // Each page carries the stage that it belongs to, and whom it names.
    [[nodiscard]] http::response name(sign_in_view, std::string user_name,
                                      sign_in_message = {}) const;
    [[nodiscard]] http::response password(sign_in_view, named_member, std::string user_name,
                                          sign_in_message = {}) const;
    [[nodiscard]] http::response members(sign_in_view, std::string user_name,
                                         std::string query) const;
    // For the member and the name that the state has.
    [[nodiscard]] http::response new_password(const sign_in_view&, password_prompt) const;

    // What the address of such a page carried.
    [[nodiscard]] http::response render(const sign_in_view&, const next_page&) const;

private:
    [[nodiscard]] http::response show(const sign_in_view&, next_page) const;
    [[nodiscard]] http::response form(const sign_in_view&, const next_page&) const;
    [[nodiscard]] http::response member_list(const sign_in_view&, const next_page&) const;
    [[nodiscard]] http::response password_change(const sign_in_view&, const next_page&) const;

    const config::settings& settings_;
    const clock& time_;
    randomness& random_;
    const live<jose::key_ring>& keys_;
    const live<policies::snapshot>& registry_;
};

}  // namespace kommpass::idp::login
