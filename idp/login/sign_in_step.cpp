#include "idp/login/sign_in_step.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "directory/home_realm.hpp"
#include "idp/login/password_change.hpp"
#include "idp/sessions/error_answer.hpp"

#include <algorithm>

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using web::sign_in_problem;

std::string field(const http::form& form, std::string_view name, std::size_t longest) {
    return std::string(form.get(name).value_or(std::string_view()).substr(0, longest));
}

http::response remember(const policies::member& member, http::response page) {
    sessions::set_member_cookie(page, member.slug);
    return page;
}

// Whole days until the password expires, if it is time to say so and the person can do something.
std::optional<unsigned> days_to_be_told(const policies::member& member, const identity& who,
                                        instant now) {
    if (!who.password_expires_at || !member.directory.change_password) return std::nullopt;
    const auto left = *who.password_expires_at - now;
    if (left > member.directory.expiry_notice) return std::nullopt;
    const auto days = std::chrono::floor<std::chrono::days>(left).count();
    return static_cast<unsigned>(std::max<long>(days, 0));
}

}  // namespace

sign_in_step::sign_in_step(sign_in_parts parts, const http::request& request, http::form& form,
                           sessions::browser from, sign_in_state state, purpose_request& purpose)
    : parts_(parts),
      http_(request),
      form_(form),
      from_(std::move(from)),
      purpose_(purpose),
      looks_(purpose.looks()),
      registry_(parts.registry.get()),
      view_(parts.pages.view_of(request, std::move(state), looks_)),
      user_name_(field(form, "username", 256)),
      member_(field(form, "member", 63)) {}

awaitable<http::response> sign_in_step::run() {
    const auto action = form_.get("action").value_or("continue");
    switch (view_.state.stage) {
        case stage::identify:
            co_return co_await at_identify(action);
        case stage::password_notice:
            co_return co_await at_password_notice(action);
        case stage::consent:
            co_return co_await at_consent(action);
        case stage::sign_out:  // has an endpoint of its own
            break;
    }
    co_return expired();
}

awaitable<http::response> sign_in_step::at_identify(std::string_view action) {
    if (is_too_old())
        co_return parts_.pages.name(renewed(), user_name_, {sign_in_problem::page_expired, {}});
    if (action == "sign-in") co_return co_await check_password();
    if (action == "change-password") co_return co_await change_password();
    if (action == "members" || action == "search")
        co_return parts_.pages.members(view_, user_name_, field(form_, "query", 64));
    if (action == "back") co_return parts_.pages.name(view_, user_name_);
    if (action.starts_with("choose:")) co_return choose(member_slug(action.substr(7)));
    if (action.starts_with("language:")) co_return switch_language(action.substr(9));
    co_return identify();
}

awaitable<http::response> sign_in_step::at_password_notice(std::string_view action) {
    if (action == "later") co_return co_await go_on();
    co_return co_await at_identify(action);
}

awaitable<http::response> sign_in_step::at_consent(std::string_view action) {
    auto found = co_await parts_.sso.find(http_, from_);
    if (!found || !*found || is_too_old()) co_return expired();
    co_return co_await purpose_.take_consent(http_, from_, **std::move(found), action == "allow");
}

bool sign_in_step::is_too_old() const {
    return parts_.time.now() - view_.state.started > sign_in_state::lifetime;
}

sign_in_view sign_in_step::renewed() const {
    auto view = view_;
    view.state.started = parts_.time.now();
    return view;
}

http::response sign_in_step::expired() const {
    return sessions::error_answer(parts_.settings, http_, 400,
                                  web::error_page_reason::page_expired);
}

// The name's own domain wins over the member that the page was made for: who types another town's
// address means that town, and their password must not reach this one.
const policies::member* sign_in_step::member_for_name() const {
    const auto typed = directory::split_user_name(user_name_);
    const auto* by_domain =
        typed.domain.empty() ? nullptr : registry_->member_of_domain(typed.domain);
    if (by_domain != nullptr) return by_domain;
    return member_.empty() ? nullptr : registry_->find_active_member(member_slug(member_));
}

http::response sign_in_step::identify() const {
    if (user_name_.empty()) return parts_.pages.name(view_, {});
    if (const auto* member = member_for_name())
        return remember(*member, parts_.pages.password(view_, *member, user_name_));
    const auto typed = directory::split_user_name(user_name_);
    if (!typed.domain.empty())
        return parts_.pages.name(view_, user_name_, {sign_in_problem::member_unknown, {}});
    return parts_.pages.members(view_, user_name_, {});
}

http::response sign_in_step::choose(const member_slug& slug) const {
    const auto* member = registry_->find_active_member(slug);
    if (member == nullptr) return parts_.pages.members(view_, user_name_, {});
    return remember(*member, parts_.pages.password(view_, *member, user_name_));
}

http::response sign_in_step::switch_language(std::string_view tag) {
    view_.frame.lang = web::choose_language({}, tag, {});
    const auto* member =
        member_.empty() ? nullptr : registry_->find_active_member(member_slug(member_));
    auto page = member == nullptr ? parts_.pages.name(view_, user_name_)
                                  : parts_.pages.password(view_, *member, user_name_);
    sessions::set_language_cookie(page, view_.frame.lang);
    return page;
}

http::response sign_in_step::refused(const policies::member& member,
                                     const checked_password& checked) const {
    return parts_.pages.password(view_, member, user_name_, {checked.problem, checked.wait});
}

awaitable<http::response> sign_in_step::check_password() {
    const auto* member = member_for_name();
    if (member == nullptr) co_return identify();
    secret_string password(form_.get("password").value_or(std::string_view()));
    form_.wipe();
    auto checked = co_await parts_.password.check(http_, *member, user_name_, std::move(password),
                                                  looks_.client);
    if (checked.may_change) {
        const bool is_expired = checked.problem == sign_in_problem::password_expired;
        password_prompt prompt;
        prompt.what = is_expired ? web::password_page::message::expired
                                 : web::password_page::message::must_change;
        co_return parts_.pages.new_password(view_, *member, user_name_, std::move(prompt));
    }
    if (!checked.who) co_return refused(*member, checked);
    if (const auto days = days_to_be_told(*member, *checked.who, parts_.time.now()))
        co_return co_await tell_expiry(*member, *std::move(checked.who), *days);
    co_return co_await welcome(*member, *std::move(checked.who));
}

// The directory has the new password; the sign-in goes on with it, or from where it stood.
awaitable<http::response> sign_in_step::change_password() {
    const auto* member = member_for_name();
    if (member == nullptr) co_return identify();
    auto wanted = wanted_password::from(form_, user_name_);
    auto password = wanted.new_password.clone();
    auto no = co_await parts_.changes.run(http_, *member, std::move(wanted));
    const bool notice = view_.state.stage == stage::password_notice;
    if (no) {
        password_prompt prompt{no->why, 0, std::move(no->server_message), notice};
        co_return parts_.pages.new_password(view_, *member, user_name_, std::move(prompt));
    }
    if (notice) co_return co_await go_on();
    auto checked = co_await parts_.password.check(http_, *member, user_name_, std::move(password),
                                                  looks_.client);
    if (!checked.who) co_return refused(*member, checked);
    co_return co_await welcome(*member, *std::move(checked.who));
}

// A session that takes over from the one that this browser had; not stored yet.
awaitable<sessions::signed_in> sign_in_step::begin_session(identity who) {
    const auto before = co_await parts_.sso.find(http_, from_);
    std::string previous;
    if (before && *before) previous = (*before)->session.id;
    co_return parts_.sso.make(http_, std::move(who), std::move(previous), password_factor::amr());
}

awaitable<http::response> sign_in_step::welcome(const policies::member& member, identity who) {
    auto person = co_await begin_session(std::move(who));
    auto answer = co_await purpose_.go_on(http_, from_, std::move(person));
    co_return remember(member, std::move(answer));
}

// The session begins before the page is shown: the password is checked, and nothing is asked twice.
awaitable<http::response> sign_in_step::tell_expiry(const policies::member& member, identity who,
                                                    unsigned days) {
    auto person = co_await begin_session(std::move(who));
    client_id nobody;
    if (!co_await parts_.sso.settle(http_, person, std::move(nobody)))
        co_return sessions::error_answer(parts_.settings, http_, 503,
                                         web::error_page_reason::internal);
    auto view = renewed();
    view.state.stage = stage::password_notice;
    password_prompt prompt{web::password_page::message::expires_soon, days, {}, true};
    auto page = parts_.pages.new_password(view, member, user_name_, std::move(prompt));
    sessions::set_session_cookie(page, person.new_secret);
    co_return remember(member, std::move(page));
}

// From the page that told of the expiry.
awaitable<http::response> sign_in_step::go_on() {
    auto found = co_await parts_.sso.find(http_, from_);
    if (!found || !*found) co_return expired();
    co_return co_await purpose_.go_on(http_, from_, **std::move(found));
}

}  // namespace kommpass::idp::login
