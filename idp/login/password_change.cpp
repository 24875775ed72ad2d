#include "idp/login/password_change.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/login/throttle.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/observe/log.hpp"
#include "idp/sessions/csrf.hpp"

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using directory::password_change_error;
using message = web::password_page::message;

constexpr std::size_t longest_server_message = 200;

message told(password_change_error error) {
    switch (error) {
        case password_change_error::wrong_credentials:
            return message::wrong_old;
        case password_change_error::too_many_attempts:
            return message::too_many_attempts;
        case password_change_error::too_short:
            return message::too_short;
        case password_change_error::quality:
            return message::quality;
        case password_change_error::in_history:
            return message::in_history;
        case password_change_error::too_young:
            return message::too_young;
        case password_change_error::not_allowed:
        case password_change_error::not_supported:
            return message::not_allowed;
        case password_change_error::directory_unavailable:
        case password_change_error::directory_overloaded:
        case password_change_error::directory_misconfigured:
            break;
    }
    return message::unavailable;
}

// What the record says: the machine word, never what a server answered.
std::string_view word_for(message what) {
    switch (what) {
        case message::wrong_old:
            return "wrong_credentials";
        case message::too_many_attempts:
            return "too_many_attempts";
        case message::unavailable:
            return "directory_unavailable";
        case message::not_allowed:
            return "not_allowed";
        default:
            return "policy";
    }
}

// The directory's words help only on what it thinks of the new password.
std::string shown_message(const directory::password_change_failure& failure) {
    switch (failure.error) {
        case password_change_error::too_short:
        case password_change_error::quality:
        case password_change_error::in_history:
        case password_change_error::too_young:
            return failure.server_message.substr(0, longest_server_message);
        default:
            return {};
    }
}

awaitable<void> record(provider& p, const http::request& http, const policies::member& member,
                       std::string_view result) {
    auto line = p.recorder.record_of(http, audit::event::password_changed, result);
    line.member = member.slug;
    co_await p.recorder.append(std::move(line));
}

web::password_page page_for(const policies::member& member, web::language lang) {
    web::password_page page;
    page.member_slug = member.slug.str();
    const bool english = lang == web::language::en && !member.name.en.empty();
    page.member_name = english ? member.name.en : member.name.de;
    return page;
}

unsigned status_of(message what) {
    if (what == message::unavailable) return 503;
    return what == message::too_many_attempts ? 429 : 200;
}

http::response own_page(const provider& p, const http::request& http,
                        const sessions::signed_in& person, const policies::member& member,
                        refused_password said) {
    const auto frame = sessions::frame_for(p.settings, http);
    auto page = page_for(member, frame.lang);
    page.action = "/account/password";
    page.csrf = sessions::csrf_for(*p.keys.get(), person.session);
    page.user_name = person.who.login_name;
    page.what = said.why;
    page.server_message = std::move(said.server_message);
    page.offer_back = true;
    return http::html(status_of(page.what), web::render(frame, page));
}

}  // namespace

wanted_password wanted_password::from(http::form& form, std::string user_name) {
    const auto secret = [&](std::string_view name) {
        return secret_string(form.get(name).value_or(std::string_view()));
    };
    wanted_password wanted{std::move(user_name), secret("password"), secret("new-password"),
                           secret("new-password-again")};
    form.wipe();
    return wanted;
}

awaitable<std::optional<refused_password>> change_password(provider& p, const http::request& http,
                                                           const policies::member& member,
                                                           wanted_password wanted) {
    if (!(wanted.new_password == wanted.repeated)) co_return refused_password{message::differ, {}};
    const std::string account = member.slug.str() + "\n" + folded_name(wanted.user_name);
    if (p.throttle.wait_for(account, http.peer) > std::chrono::milliseconds(0)) {
        co_await record(p, http, member, "too_many_attempts");
        co_return refused_password{message::too_many_attempts, {}};
    }
    auto user_name = wanted.user_name;
    const auto changed = co_await p.directories.change_password(member.slug, std::move(user_name),
                                                                std::move(wanted.old_password),
                                                                std::move(wanted.new_password));
    if (changed) {
        p.throttle.succeeded(account, http.peer);
        co_await record(p, http, member, "ok");
        co_return std::nullopt;
    }
    const auto& failure = changed.error();
    refused_password refused{told(failure.error), shown_message(failure)};
    if (refused.why == message::wrong_old) p.throttle.failed(account, http.peer);
    p.log.info("password.not_changed", {{"member", member.slug.view()},
                                        {"reason", word_for(refused.why)},
                                        {"detail", failure.detail},
                                        {"request", http.id}});
    co_await record(p, http, member, word_for(refused.why));
    co_return refused;
}

http::response new_password_page(const provider& p, const sign_in_view& view,
                                 const policies::member& member, std::string user_name,
                                 password_prompt prompt) {
    auto page = page_for(member, view.frame.lang);
    page.action = "/sign-in";
    page.transaction = view.transaction.seal(*p.keys.get());
    page.user_name = std::move(user_name);
    page.what = prompt.what;
    page.days_left = prompt.days_left;
    page.server_message = std::move(prompt.server_message);
    page.offer_later = prompt.offer_later;
    auto answer = http::html(status_of(page.what), web::render(view.frame, page));
    answer.form_action = view.form_action.empty() ? "'self'" : "'self' " + view.form_action;
    sessions::set_browser_cookie(answer, view.transaction.browser);
    return answer;
}

awaitable<http::response> account_password_endpoint(provider& p, const http::request& http) {
    const auto from = sessions::browser::of(http);
    const auto found = co_await p.sso.find(http, from);
    const auto problem = [&](unsigned status, web::error_page_reason reason) {
        return http::html(status, web::render(sessions::frame_for(p.settings, http),
                                              web::error_page{reason, {}, {}, {}}));
    };
    if (!found) co_return problem(503, web::error_page_reason::internal);
    if (!*found) co_return first_page_of_account(p, http, from);
    const auto& person = **found;
    const auto registry = p.registry.get();
    const auto* member = registry->find_member(person.session.member);
    if (member == nullptr || !member->directory.change_password)
        co_return problem(404, web::error_page_reason::not_found);
    if (http.method != http::method::post)
        co_return own_page(p, http, person, *member, {message::own_wish, {}});

    auto form = oauth::read_form_body(http);
    if (!form) co_return problem(400, web::error_page_reason::bad_request);
    if (!equal_in_constant_time(form->get("csrf").value_or(std::string_view()),
                                sessions::csrf_for(*p.keys.get(), person.session))) {
        co_return problem(403, web::error_page_reason::page_expired);
    }
    // Whose password it is, the session says and not the form.
    auto wanted = wanted_password::from(*form, person.who.login_name);
    auto refused = co_await change_password(p, http, *member, std::move(wanted));
    if (refused) co_return own_page(p, http, person, *member, *std::move(refused));
    co_return http::html(
        200, web::render(sessions::frame_for(p.settings, http), web::password_changed_page{}));
}

}  // namespace kommpass::idp::login
