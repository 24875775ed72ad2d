#pragma once

#include "idp/web/client_links.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/refused_return.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The pages that people see: typed contents in, HTML out. Templates, texts and styles are compiled
// into the binary. Everything is escaped on the way in; none of these functions does I/O; all are
// thread-safe.
namespace kommpass::idp::web {

enum class sign_in_problem {
    none,
    wrong_credentials,
    too_many_attempts,
    directory_unavailable,
    directory_overloaded,
    password_expired,
    password_must_change,
    account_disabled,
    account_expired,
    outside_hours,
    page_expired,
    other_member,  // the password was not sent: the name means a member that the page did not name
    password_used_up,  // it has expired, and the last sign-in to change it is over
    member_unknown
};

struct sign_in_page {
    std::string action;       // where the form posts
    std::string transaction;  // hidden field
    std::string csrf;         // hidden field
    std::string user_name;    // prefilled
    std::string member_slug;  // known member: user name and password are asked together
    std::string member_name;  // "Amt Lebus"
    bool offer_member_list = true;
    bool reauthentication = false;  // the name is fixed: prompt=login, max_age
    bool offer_cancel = false;      // back to the application, without a sign-in
    sign_in_problem problem = sign_in_problem::none;
    unsigned wait_seconds = 0;  // with too_many_attempts
    std::string member_help;    // with directory_unavailable: whom to call
    client_links client{};
};

// A new password in place of one that has expired, must be changed, or is to be changed.
struct password_page {
    enum class message {
        expired,
        must_change,
        expires_soon,  // in `days_left`
        own_wish,
        wrong_old,
        differ,  // the new password was not typed twice alike
        too_short,
        quality,
        in_history,
        too_young,
        used_up,  // the old one has expired, and is good for no sign-in any more
        not_allowed,
        too_many_attempts,
        unavailable,
    };
    std::string action, transaction, csrf;
    std::string user_name, member_name;
    message what = message::own_wish;
    unsigned days_left = 0;
    std::optional<unsigned> sign_ins_left{};  // with the old password, which has expired
    std::string server_message;               // the directory's own words on the new password
    bool offer_later = false;
    bool offer_back = false;
    bool offer_cancel = false;
};
struct password_changed_page {};

struct member_choice {
    std::string slug;
    std::string name;
    std::string variant;
};
struct member_list_page {
    std::string action;
    std::string transaction;
    std::string csrf;
    std::string user_name;
    std::string query;  // what was searched for
    std::vector<member_choice> members;
    bool offer_cancel = false;
};

struct consent_page {
    std::string action, transaction, csrf;
    std::string person_name;
    std::vector<std::string> scopes;  // machine names; the page has the words
    bool offline_access = false;
    // Powers that the application asks for beside them, each said in a sentence.
    std::vector<std::string> details{};
    client_links client{};
};

struct session_entry {
    std::string id;
    std::string browser;  // a short description of the user agent
    std::string address;
    std::string since;  // formatted, local time
    std::string last_used;
    bool current = false;
    std::vector<std::string> applications;
};
struct role_entry {
    std::string title;
    std::string application;
    std::string note;         // for whom it holds, until when; may be empty
    std::string start_uri{};  // leads into the application; empty: nothing does from here
};
struct sessions_page {
    std::string action, csrf;
    std::string person_name, member_name;
    bool offer_password = false;  // the person may change their password here
    std::vector<session_entry> sessions;
    std::vector<role_entry> roles{};
    std::vector<role_entry> resting_roles{};  // that a rule gives and that do not hold; with why
};

struct sign_out_page {  // asks; `signed_out` is the page afterwards
    std::string action, csrf, transaction;
    std::string person_name;
    refused_return refused{};
};
struct signed_out_page {
    std::string continue_uri;
};

enum class error_page_reason {
    unknown_client,
    bad_redirect_uri,
    bad_request,
    page_expired,
    not_found,
    no_subscription,
    no_role,
    no_role_here,  // none that opens this part of the application
    weak_sign_in,
    wrong_network,
    directory_unavailable,
    too_large,
    method_not_allowed,
    internal,
    wrong_browser
};
struct error_page {
    error_page_reason reason;
    std::string
        detail;  // a protocol word or a name for the application's operator; escaped, bounded
    std::string member_name;
    std::string application_name;
    // Who lacks a role: what there is, who can give it, and a letter to them (a mailto: URI).
    std::vector<std::string> roles{};
    std::vector<std::pair<std::string, std::string>> contacts{};  // name and address
    std::string help_contact{};
    std::string request_uri{};
    std::string ask_uri{};  // where they can ask for one themselves; empty: only by letter
    // A form with the way back to the application; empty: there is none.
    std::string action{};
    std::string transaction{};
};

[[nodiscard]] std::string render(const frame&, const sign_in_page&);
[[nodiscard]] std::string render(const frame&, const password_page&);
[[nodiscard]] std::string render(const frame&, const password_changed_page&);
[[nodiscard]] std::string render(const frame&, const member_list_page&);
[[nodiscard]] std::string render(const frame&, const consent_page&);
[[nodiscard]] std::string render(const frame&, const sessions_page&);
[[nodiscard]] std::string render(const frame&, const sign_out_page&);
[[nodiscard]] std::string render(const frame&, const signed_out_page&);
[[nodiscard]] std::string render(const frame&, const error_page&);

// OAuth 2.0 Form Post Response Mode: posts the fields to `action` by itself, and by a button
// without script.
struct form_post_page {
    std::string action;
    std::vector<std::pair<std::string, std::string>> fields;
};
[[nodiscard]] std::string render(const frame&, const form_post_page&);
// CSP source of the one script that page carries: "sha256-...".
[[nodiscard]] std::string_view form_post_script_hash() noexcept;

// Styles, fonts and pictures, under /static/<name>; the name carries a hash of the content.
struct static_file {
    std::string path;  // "/static/kern.4f2a.css"
    std::string content_type;
    std::shared_ptr<const std::string> content;
};
[[nodiscard]] const std::vector<static_file>& static_files();

}  // namespace kommpass::idp::web
