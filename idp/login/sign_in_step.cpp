#include "idp/login/sign_in_step.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "directory/attempt_gate.hpp"
#include "directory/home_realm.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/chosen_member.hpp"
#include "idp/login/known_browser.hpp"
#include "idp/login/password_change.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/remembered_member.hpp"
#include "idp/web/language.hpp"

#include <algorithm>

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using web::sign_in_problem;

std::string field(const http::form& form, std::string_view name, std::size_t longest) {
    return std::string(form.get(name).value_or(std::string_view()).substr(0, longest));
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

// What the directory keeps for the change goes with the page; how many sign-ins are left is said.
void take_grace(const std::optional<directory::grace_sign_in>& grace, sign_in_state& state,
                password_prompt& prompt) {
    if (!grace) return;
    state.connection = grace->connection;
    prompt.sign_ins_left = static_cast<unsigned>(std::clamp(grace->left, 0, 1'000));
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
      user_name_(field(form, "username", 256)) {}

awaitable<std::optional<http::response>> sign_in_step::run() {
    const auto action = form_.get("action").value_or("continue");
    if (action == "cancel") co_return co_await purpose_.cancel(http_, from_);
    switch (view_.state.stage) {
        case stage::identify:
            co_return co_await at_identify(action);
        case stage::new_password:
            co_return co_await at_new_password(action);
        case stage::password_notice:
            co_return co_await at_password_notice(action);
        case stage::consent:
            co_return co_await at_consent(action);
        case stage::refused:   // leads nowhere but back
        case stage::sign_out:  // have an endpoint of their own
        case stage::signed_out:
            break;
    }
    co_return expired();
}

awaitable<http::response> sign_in_step::at_identify(std::string_view action) {
    if (is_too_old()) co_return too_old();
    if (action == "sign-in") co_return co_await check_password();
    if (action == "members" || action == "search")
        co_return parts_.pages.members(view_, user_name_, field(form_, "query", 64));
    if (action == "back") co_return parts_.pages.name(view_, user_name_);
    if (action.starts_with("choose:")) co_return choose(member_slug(action.substr(7)));
    if (action.starts_with("language:")) co_return switch_language(action.substr(9));
    co_return identify(sign_in_problem::none);
}

awaitable<std::optional<http::response>> sign_in_step::at_new_password(std::string_view action) {
    if (action != "change-password") co_return expired();
    if (is_too_old()) co_return std::nullopt;
    co_return co_await change_password();
}

awaitable<std::optional<http::response>> sign_in_step::at_password_notice(std::string_view action) {
    if (is_too_old()) co_return std::nullopt;
    if (action == "change-password") co_return co_await change_password();
    co_return co_await go_on();
}

awaitable<std::optional<http::response>> sign_in_step::at_consent(std::string_view action) {
    if (is_too_old()) co_return std::nullopt;
    auto found = co_await own_session();
    if (!found) co_return std::nullopt;
    co_return co_await purpose_.take_consent(http_, from_, *std::move(found), action == "allow");
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

http::response sign_in_step::remember(const policies::member& member, http::response page) const {
    sessions::remember_member(page, member.slug, *parts_.keys.get());
    return page;
}

awaitable<std::optional<sessions::signed_in>> sign_in_step::own_session() const {
    auto found = co_await parts_.sso.find(http_, from_);
    if (!found || !*found || (*found)->session.id != view_.state.session) co_return std::nullopt;
    co_return **std::move(found);
}

http::response sign_in_step::too_old() const {
    constexpr auto why = sign_in_problem::page_expired;
    if (const auto* member = chosen_member(*registry_, view_.state))
        return parts_.pages.password(renewed(), {*member, member_choice::chosen}, user_name_,
                                     {why, {}});
    return parts_.pages.name(renewed(), user_name_, {why, {}});
}

// Whom the name means, else whom this browser remembers, else the list. `problem`: why a password
// that was typed has not been sent.
http::response sign_in_step::identify(sign_in_problem problem) const {
    if (user_name_.empty()) return parts_.pages.name(view_, {});
    if (const auto* member = member_of_name(*registry_, user_name_)) {
        const bool named = view_.state.member == member->slug;
        const auto why = named ? view_.state.chosen : member_choice::by_domain;
        return parts_.pages.password(view_, {*member, why}, user_name_, {problem, {}});
    }
    if (!directory::split_user_name(user_name_).domain.empty())
        return parts_.pages.name(view_, user_name_, {sign_in_problem::member_unknown, {}});
    const auto* known = chosen_member(*registry_, view_.state);
    if (known == nullptr)
        known =
            registry_->find_active_member(sessions::remembered_member(from_, *parts_.keys.get()));
    if (known != nullptr)
        return parts_.pages.password(view_, {*known, member_choice::chosen}, user_name_,
                                     {problem, {}});
    return parts_.pages.members(view_, user_name_, {});
}

// A name that means another member than the one that was picked is not kept: it would lead there.
http::response sign_in_step::choose(const member_slug& slug) const {
    const auto* member = registry_->find_active_member(slug);
    if (member == nullptr) return parts_.pages.members(view_, user_name_, {});
    const auto* by_domain = member_of_name(*registry_, user_name_);
    const bool fits = by_domain == nullptr || by_domain == member;
    return parts_.pages.password(view_, {*member, member_choice::chosen},
                                 fits ? user_name_ : std::string());
}

http::response sign_in_step::switch_language(std::string_view tag) {
    view_.frame.lang = web::choose_language({}, tag, {});
    const auto& state = view_.state;
    const auto* member = registry_->find_active_member(state.member);
    auto page = member == nullptr
                    ? parts_.pages.name(view_, user_name_)
                    : parts_.pages.password(view_, {*member, state.chosen}, user_name_);
    sessions::set_language_cookie(page, view_.frame.lang);
    return page;
}

http::response sign_in_step::refused(const policies::member& member,
                                     const checked_password& checked) const {
    return parts_.pages.password(view_, {member, view_.state.chosen}, user_name_,
                                 {checked.problem, checked.wait});
}

awaitable<http::response> sign_in_step::check_password() {
    const auto* member = addressee(*registry_, view_.state, user_name_);
    if (member == nullptr) co_return identify(sign_in_problem::other_member);
    secret_string password(form_.get("password").value_or(std::string_view()));
    form_.wipe();
    auto checked = co_await parts_.password.check(http_, *member, user_name_, std::move(password),
                                                  looks_.client);
    if (checked.may_change) co_return must_change(checked);
    if (!checked.who) co_return refused(*member, checked);
    const auto days = view_.state.expiry_told
                          ? std::nullopt
                          : days_to_be_told(*member, *checked.who, parts_.time.now());
    if (days) co_return co_await tell_expiry(*member, *std::move(checked.who), *days);
    co_return co_await welcome(*member, *std::move(checked.who));
}

// The page may change only the password that was right a moment ago, whatever its form says.
http::response sign_in_step::must_change(const checked_password& checked) const {
    auto view = renewed();
    view.state.stage = stage::new_password;
    view.state.user_name = user_name_;
    password_prompt prompt;
    take_grace(checked.grace, view.state, prompt);
    prompt.what = checked.problem == sign_in_problem::password_expired
                      ? web::password_page::message::expired
                      : web::password_page::message::must_change;
    return parts_.pages.new_password(view, std::move(prompt));
}

// The connection of the last sign-in is gone, and there is no other: nothing here helps but a
// password that somebody else sets. With that they begin again, on this page.
http::response sign_in_step::used_up(const policies::member& member) const {
    auto view = renewed();
    view.state.connection.clear();
    return parts_.pages.password(std::move(view), {member, member_choice::chosen}, user_name_,
                                 {sign_in_problem::password_used_up, {}});
}

// The directory has the new password; the sign-in goes on with it, or from where it stood.
awaitable<std::optional<http::response>> sign_in_step::change_password() {
    const auto* member = registry_->find_active_member(view_.state.member);
    if (member == nullptr) co_return std::nullopt;
    user_name_ = view_.state.user_name;
    auto wanted = wanted_password::from(form_, user_name_);
    wanted.connection = view_.state.connection;
    auto password = wanted.new_password.clone();
    auto no = co_await parts_.changes.run(http_, *member, std::move(wanted));
    const bool notice = view_.state.stage == stage::password_notice;
    if (no && no->why == web::password_page::message::used_up && !notice)
        co_return used_up(*member);
    if (no) {
        password_prompt prompt{no->why, 0, std::move(no->server_message), notice};
        auto view = view_;
        take_grace(no->grace, view.state, prompt);
        co_return parts_.pages.new_password(view, std::move(prompt));
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

// From now on, what strangers guess at this person does not stand in this browser's way.
void sign_in_step::remember_person(http::response& answer, const member_slug& member,
                                   const directory_id& id) const {
    const auto keys = parts_.keys.get();
    auto known = known_browser::of(http_, *keys);
    known.remember(answer, *keys, parts_.random, member, directory::account_of_id(id.str()));
}

awaitable<http::response> sign_in_step::welcome(const policies::member& member, identity who) {
    const auto id = who.id;
    auto person = co_await begin_session(std::move(who));
    auto answer = co_await purpose_.go_on(http_, from_, std::move(person));
    remember_person(answer, member.slug, id);
    co_return remember(member, std::move(answer));
}

// The session begins before the page is shown: the password is checked, and nothing is asked twice.
awaitable<http::response> sign_in_step::tell_expiry(const policies::member& member, identity who,
                                                    unsigned days) {
    const auto id = who.id;
    auto person = co_await begin_session(std::move(who));
    client_id nobody;
    if (!co_await parts_.sso.settle(http_, person, std::move(nobody)))
        co_return sessions::error_answer(parts_.settings, http_, 503,
                                         web::error_page_reason::internal);
    auto view = renewed();
    view.state.stage = stage::password_notice;
    view.state.session = person.session.id;
    view.state.user_name = user_name_;
    view.state.expiry_told = true;
    password_prompt prompt{web::password_page::message::expires_soon, days, {}, true};
    auto page = parts_.pages.new_password(view, std::move(prompt));
    sessions::set_session_cookie(page, person.new_secret);
    remember_person(page, member.slug, id);
    co_return remember(member, std::move(page));
}

// From the page that told of the expiry. It may have lain open for longer than the sign-in is good
// for what it leads to: then it is asked for anew, and the notice is not shown twice.
awaitable<std::optional<http::response>> sign_in_step::go_on() {
    auto person = co_await own_session();
    if (!person) co_return std::nullopt;
    const auto* member = registry_->find_active_member(person->session.member);
    if (member != nullptr && !purpose_.is_recent_enough(*person)) {
        auto view = renewed();
        view.state.renews = true;
        co_return parts_.pages.password(std::move(view), {*member, member_choice::chosen},
                                        person->who.login_name);
    }
    co_return co_await purpose_.go_on(http_, from_, *std::move(person));
}

}  // namespace kommpass::idp::login
