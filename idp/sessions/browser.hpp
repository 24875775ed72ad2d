#pragma once

#include "idp/web/frame.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::config {
struct settings;
}

// What a browser keeps for us: cookies, all with the `__Host-` prefix, Secure, HttpOnly and
// SameSite=Lax.
namespace kommpass::idp::sessions {

struct browser {
    std::string id;              // binds sign-in transactions; empty: no cookie yet
    std::string session_secret;  // empty: none
    std::string language;
    std::string member;  // as sent: `remembered_member` says what it is worth

    [[nodiscard]] static browser of(const http::request&);
};

void set_browser_cookie(http::response&, std::string_view id);
void set_session_cookie(http::response&, std::string_view secret);
void clear_session_cookie(http::response&);
void set_language_cookie(http::response&, web::language);
void set_member_cookie(http::response&, std::string_view value);

// What every page shows around its own part, in the language of this person.
[[nodiscard]] web::frame frame_for(const config::settings&, const http::request&,
                                   std::string_view ui_locales = {});

}  // namespace kommpass::idp::sessions
