#pragma once

#include "idp/login/sign_in_state.hpp"
#include "idp/web/pages.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::login {

struct sign_in_message {
    web::sign_in_problem problem = web::sign_in_problem::none;
    std::chrono::seconds wait{0};
};

// The page of a sign-in that cannot go on, or had better not, without a new password.
struct password_prompt {
    web::password_page::message what = web::password_page::message::must_change;
    unsigned days_left = 0;
    std::string server_message;
    bool offer_later = false;
    std::optional<unsigned> sign_ins_left{};  // with the password that has expired
};

// What a page of ours shows after a form was submitted.
enum class face : std::uint8_t {
    form,          // name, or name and password
    members,       // the list of members
    new_password,  // the password has to be changed
    onward,        // what the purpose shows to the session that the state names
    answer,        // the purpose's answer to whoever waits for it
    anew,          // the purpose, begun once more
};

// Every form is answered with a redirect to a page of ours, whose address carries, sealed, what it
// shows. So the form's own navigation ends here: browsers that hold `form-action` against its whole
// chain of redirects (Chromium) let the application redirect to wherever it likes, and "back" never
// asks to send a form once more. Nothing is stored for it. It works in the browser it was made for;
// elsewhere, and when it is too old, it is only what the purpose is begun anew from.
struct next_page {
    face shows = face::form;
    sign_in_state state;
    std::string user_name{};
    std::string query{};  // of the list of members
    sign_in_message message{};
    password_prompt prompt{};
    web::language lang = web::language::de;
    std::string answer{};  // of the purpose, application/x-www-form-urlencoded

    // An answer holds a code: it is good for no longer than that.
    static constexpr auto answer_lifetime = std::chrono::seconds(60);

    // "/sign-in?page=...", for a redirect; nothing if it is longer than proxies take in a request
    // line. Then the page itself is the answer to the form.
    [[nodiscard]] std::optional<std::string> address(const jose::key_ring&) const;
    // What `address` put there; nothing for anything else. Age and browser are the caller's to
    // judge.
    [[nodiscard]] static std::optional<next_page> open(std::string_view sealed,
                                                       const jose::key_ring&);
    [[nodiscard]] bool is_too_old(instant now) const noexcept;
};

}  // namespace kommpass::idp::login
