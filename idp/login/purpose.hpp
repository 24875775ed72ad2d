#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/web/client_links.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::sessions {
struct browser;
struct signed_in;
}  // namespace kommpass::idp::sessions

// What somebody signs in for. The sign-in shows its pages and proves who somebody is; a purpose
// says what the pages say, and what follows. Authorization, the person's own pages, and what else
// needs somebody signed in implement it; `service/` wires them.
namespace kommpass::idp::login {

struct appearance {
    policies::localized_text application;  // where the person is going; empty: nowhere
    std::string ui_locales;
    // CSP source of where the forms' own navigation may lead; empty: only to ourselves.
    std::string form_action;
    bool offers_cancel = false;  // there is somebody to tell: `cancel`
    client_id client;            // for the audit log; empty: none
    web::client_links links{};
};

// One purpose with its parameters, judged at this moment. Lives for one request.
class purpose_request {
public:
    virtual ~purpose_request() = default;

    [[nodiscard]] virtual appearance looks() const = 0;

    // Whether a sign-in of this interaction is still good for what it leads to, after the person
    // has looked at a page.
    [[nodiscard]] virtual bool is_recent_enough(const sessions::signed_in&) const = 0;

    // Somebody is signed in; a new session is not stored yet, so that it can be made durable
    // together with what it leads to.
    [[nodiscard]] virtual boost::asio::awaitable<http::response> go_on(const http::request&,
                                                                       const sessions::browser&,
                                                                       sessions::signed_in) = 0;

    // The answer to a question that the purpose itself put (stage `consent`).
    [[nodiscard]] virtual boost::asio::awaitable<http::response> take_consent(
        const http::request&, const sessions::browser&, sessions::signed_in, bool allowed) = 0;

    // The person does not want to, at whichever stage.
    [[nodiscard]] virtual boost::asio::awaitable<http::response> cancel(
        const http::request&, const sessions::browser&) = 0;

    // What one of the three above put into a page of face `answer`: on to whoever waits for it.
    [[nodiscard]] virtual http::response answer(const http::request&, std::string_view encoded) = 0;

    // Once more from the beginning, for who came with a page that is too old or of another browser:
    // as whoever this browser is signed in as, else to the sign-in. Nothing of the old page counts
    // but this purpose; `user_name` is what was typed there, worth as much as a link's hint.
    [[nodiscard]] virtual boost::asio::awaitable<http::response> begin_anew(
        const http::request&, const sessions::browser&, std::string user_name) = 0;
};

class purpose {
public:
    virtual ~purpose() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    // Judges the parameters anew: the registry may have changed since the page was shown. An answer
    // in its place says why not.
    using opened = std::variant<std::unique_ptr<purpose_request>, http::response>;
    [[nodiscard]] virtual boost::asio::awaitable<opened> open(const http::request&,
                                                              std::string_view parameters) = 0;
};

}  // namespace kommpass::idp::login
