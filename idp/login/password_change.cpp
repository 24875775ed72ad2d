#include "idp/login/password_change.hpp"
#include "idp/store/audit_log.hpp"

#include "directory/sign_in.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/counted_attempt.hpp"
#include "idp/observe/log.hpp"
#include "idp/web/language.hpp"

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
        case password_change_error::used_up:
            return message::used_up;
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
        case message::used_up:
            return "password_expired";
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

unsigned status_of(message what) {
    if (what == message::unavailable) return 503;
    return what == message::too_many_attempts ? 429 : 200;
}

}  // namespace

web::password_page password_page_for(const policies::member& member, web::language lang) {
    web::password_page page;
    const bool english = lang == web::language::en && !member.name.en.empty();
    page.member_name = english ? member.name.en : member.name.de;
    return page;
}

http::response password_answer(const web::frame& frame, const web::password_page& page) {
    return http::html(status_of(page.what), web::render(frame, page));
}

wanted_password wanted_password::from(http::form& form, std::string user_name) {
    const auto secret = [&](std::string_view name) {
        return secret_string(form.get(name).value_or(std::string_view()));
    };
    wanted_password wanted{std::move(user_name), secret("password"), secret("new-password"),
                           secret("new-password-again")};
    form.wipe();
    return wanted;
}

awaitable<void> password_change::record(const http::request& request,
                                        const policies::member& member, std::string_view result) {
    auto line = recorder_.record_of(request, audit::event::password_changed, result);
    line.member = member.slug;
    co_await recorder_.append(std::move(line));
}

awaitable<std::optional<refused_password>> password_change::run(const http::request& request,
                                                                const policies::member& member,
                                                                wanted_password wanted) {
    if (!(wanted.new_password == wanted.repeated)) co_return refused_password{message::differ, {}};
    const auto keys = keys_.get();
    counted_attempt attempt(throttle_, *keys, request, member.slug);
    if (attempt.is_from_slowed_address()) {
        co_await record(request, member, "too_many_attempts");
        co_return refused_password{message::too_many_attempts, {}};
    }
    auto user_name = wanted.user_name;
    const auto changed = co_await directories_.change_password(
        member.slug, std::move(user_name), std::move(wanted.old_password),
        std::move(wanted.new_password), std::move(wanted.connection), attempt);
    if (changed) {
        attempt.succeeded();
        co_await record(request, member, "ok");
        co_return std::nullopt;
    }
    const auto& failure = changed.error();
    refused_password refused{told(failure.error), shown_message(failure), failure.grace};
    if (refused.why == message::wrong_old) attempt.failed();
    log_.info("password.not_changed", {{"member", member.slug.view()},
                                       {"reason", word_for(refused.why)},
                                       {"detail", failure.detail},
                                       {"request", request.id}});
    co_await record(request, member, word_for(refused.why));
    co_return refused;
}

}  // namespace kommpass::idp::login
