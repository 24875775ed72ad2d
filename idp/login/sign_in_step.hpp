#pragma once

#include "idp/login/password_factor.hpp"
#include "idp/login/sign_in_endpoint.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
class form;
}

namespace kommpass::idp::login {

// One press of a button on a sign-in page; lives for one request.
class sign_in_step {
public:
    sign_in_step(sign_in_parts, const http::request&, http::form&, sessions::browser, sign_in_state,
                 purpose_request&);

    // By the stage at which the sign-in stands, then by the button. Nothing: the page is too old,
    // or the session that it was made for is over or another's; the purpose has to begin anew.
    [[nodiscard]] boost::asio::awaitable<std::optional<http::response>> run();

private:
    using shown = boost::asio::awaitable<http::response>;
    using shown_or_anew = boost::asio::awaitable<std::optional<http::response>>;

    // stage identify: who, and their first factor
    [[nodiscard]] shown at_identify(std::string_view action);
    [[nodiscard]] http::response identify(web::sign_in_problem) const;
    [[nodiscard]] http::response choose(const member_slug&) const;
    [[nodiscard]] http::response switch_language(std::string_view tag);
    [[nodiscard]] http::response too_old() const;
    [[nodiscard]] shown check_password();
    [[nodiscard]] http::response refused(const policies::member&, const checked_password&) const;
    [[nodiscard]] http::response must_change(const checked_password&) const;
    [[nodiscard]] http::response used_up(const policies::member&) const;
    [[nodiscard]] shown welcome(const policies::member&, identity);
    [[nodiscard]] shown tell_expiry(const policies::member&, identity, unsigned days);
    void remember_person(http::response&, const member_slug&, const directory_id&) const;

    // stages new_password and password_notice
    [[nodiscard]] shown_or_anew at_new_password(std::string_view action);
    [[nodiscard]] shown_or_anew at_password_notice(std::string_view action);
    [[nodiscard]] shown_or_anew change_password();
    [[nodiscard]] shown_or_anew go_on();

    // stage consent
    [[nodiscard]] shown_or_anew at_consent(std::string_view action);

    [[nodiscard]] bool is_too_old() const;
    [[nodiscard]] sign_in_view renewed() const;
    [[nodiscard]] boost::asio::awaitable<sessions::signed_in> begin_session(identity);
    // The session that this page was made for; nothing: it is over, or another one's.
    [[nodiscard]] boost::asio::awaitable<std::optional<sessions::signed_in>> own_session() const;
    [[nodiscard]] http::response remember(const policies::member&, http::response) const;
    [[nodiscard]] http::response expired() const;

    sign_in_parts parts_;
    const http::request& http_;
    http::form& form_;
    sessions::browser from_;
    purpose_request& purpose_;
    appearance looks_;
    policies::snapshot_ptr registry_;
    sign_in_view view_;
    std::string user_name_;
};

}  // namespace kommpass::idp::login
