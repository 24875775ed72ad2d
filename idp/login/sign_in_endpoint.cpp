#include "idp/login/sign_in_endpoint.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/home_realm.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/login/password_change.hpp"
#include "idp/login/password_check.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/store/record_id.hpp"

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using web::sign_in_problem;

std::string field(const http::form& form, std::string_view name, std::size_t longest) {
    return std::string(form.get(name).value_or(std::string_view()).substr(0, longest));
}

// One press of a button on a sign-in page.
class sign_in_step {
public:
    sign_in_step(provider& p, const http::request& http, http::form& form, sessions::browser from,
                 sign_in_transaction transaction,
                 std::optional<oauth::authorization_request> request)
        : p_(p),
          http_(http),
          form_(form),
          from_(std::move(from)),
          request_(std::move(request)),
          registry_(p.registry.get()),
          view_(make_view(p, http, transaction, request_ ? &*request_ : nullptr)),
          user_name_(field(form, "username", 256)),
          member_(field(form, "member", 63)) {}

    awaitable<http::response> run() {
        const auto action = form_.get("action").value_or("continue");
        if (view_.transaction.errand == errand::consent) co_return co_await decide_consent(action);
        if (view_.transaction.errand == errand::password_notice && action == "later")
            co_return co_await go_on();
        if (is_too_old())
            co_return name_page(p_, renewed(), user_name_, {sign_in_problem::page_expired, {}});
        if (action == "sign-in") co_return co_await check_password();
        if (action == "change-password") co_return co_await change_password();
        if (action == "members" || action == "search") {
            co_return member_list(p_, view_, user_name_, field(form_, "query", 64));
        }
        if (action == "back") co_return name_page(p_, view_, user_name_);
        if (action.starts_with("choose:")) co_return choose(member_slug(action.substr(7)));
        if (action.starts_with("language:")) co_return switch_language(action.substr(9));
        co_return identify();
    }

private:
    bool is_too_old() const {
        return p_.time.now() - view_.transaction.started > sign_in_transaction::lifetime;
    }

    sign_in_view renewed() const {
        auto view = view_;
        view.transaction.started = p_.time.now();
        return view;
    }

    // The name's own domain wins over the member that the page was made for: who types another
    // town's address means that town, and their password must not reach this one.
    const policies::member* member_for_name() const {
        const auto typed = directory::split_user_name(user_name_);
        const auto* by_domain =
            typed.domain.empty() ? nullptr : registry_->member_of_domain(typed.domain);
        if (by_domain != nullptr) return by_domain;
        return member_.empty() ? nullptr : registry_->find_active_member(member_slug(member_));
    }

    http::response identify() const {
        if (user_name_.empty()) return name_page(p_, view_, {});
        if (const auto* member = member_for_name())
            return remember(*member, password_page(p_, view_, *member, user_name_));
        const auto typed = directory::split_user_name(user_name_);
        if (!typed.domain.empty())
            return name_page(p_, view_, user_name_, {sign_in_problem::member_unknown, {}});
        return member_list(p_, view_, user_name_, {});
    }

    http::response choose(const member_slug& slug) const {
        const auto* member = registry_->find_active_member(slug);
        if (member == nullptr) return member_list(p_, view_, user_name_, {});
        return remember(*member, password_page(p_, view_, *member, user_name_));
    }

    http::response switch_language(std::string_view tag) {
        view_.frame.lang = web::choose_language({}, tag, {});
        const auto* member =
            member_.empty() ? nullptr : registry_->find_active_member(member_slug(member_));
        auto page = member == nullptr ? name_page(p_, view_, user_name_)
                                      : password_page(p_, view_, *member, user_name_);
        sessions::set_language_cookie(page, view_.frame.lang);
        return page;
    }

    static http::response remember(const policies::member& member, http::response page) {
        sessions::set_member_cookie(page, member.slug);
        return page;
    }

    awaitable<http::response> check_password() {
        const auto* member = member_for_name();
        if (member == nullptr) co_return identify();
        secret_string password(form_.get("password").value_or(std::string_view()));
        form_.wipe();
        const auto client = request_ ? request_->client->id : client_id();
        auto checked = co_await login::check_password(p_, http_, *member, user_name_,
                                                      std::move(password), client);
        if (checked.may_change) {
            const bool expired = checked.problem == sign_in_problem::password_expired;
            password_prompt prompt;
            prompt.what = expired ? web::password_page::message::expired
                                  : web::password_page::message::must_change;
            co_return new_password_page(p_, view_, *member, user_name_, std::move(prompt));
        }
        if (!checked.who) {
            co_return password_page(p_, view_, *member, user_name_,
                                    {checked.problem, checked.wait});
        }
        if (const auto days = days_to_be_told(*member, *checked.who))
            co_return co_await tell_expiry(*member, *std::move(checked.who), *days);
        co_return remember(*member, co_await welcome(*std::move(checked.who)));
    }

    // The directory has the new password; the sign-in goes on with it, or from where it stood.
    awaitable<http::response> change_password() {
        const auto* member = member_for_name();
        if (member == nullptr) co_return identify();
        auto wanted = wanted_password::from(form_, user_name_);
        auto password = wanted.new_password.clone();
        auto refused = co_await login::change_password(p_, http_, *member, std::move(wanted));
        const bool notice = view_.transaction.errand == errand::password_notice;
        if (refused) {
            password_prompt prompt{refused->why, 0, std::move(refused->server_message), notice};
            co_return new_password_page(p_, view_, *member, user_name_, std::move(prompt));
        }
        if (notice) co_return co_await go_on();
        const auto client = request_ ? request_->client->id : client_id();
        auto checked = co_await login::check_password(p_, http_, *member, user_name_,
                                                      std::move(password), client);
        if (!checked.who) {
            co_return password_page(p_, view_, *member, user_name_,
                                    {checked.problem, checked.wait});
        }
        co_return remember(*member, co_await welcome(*std::move(checked.who)));
    }

    std::optional<unsigned> days_to_be_told(const policies::member& member,
                                            const identity& who) const {
        if (!who.password_expires_at || !member.directory.change_password) return std::nullopt;
        const auto left = *who.password_expires_at - p_.time.now();
        if (left > member.directory.expiry_notice) return std::nullopt;
        const auto days = std::chrono::floor<std::chrono::days>(left).count();
        return static_cast<unsigned>(std::max<long>(days, 0));
    }

    // The session begins before the page is shown: the password is checked, and nothing is asked
    // twice.
    awaitable<http::response> tell_expiry(const policies::member& member, identity who,
                                          unsigned days) {
        const auto before = co_await p_.sso.find(http_, from_);
        std::string previous;
        if (before && *before) previous = (*before)->session.id;
        auto person = p_.sso.make(http_, std::move(who), std::move(previous),
                                  {std::string(sessions::password_factor.amr)});
        if (!co_await store_session(person))
            co_return sessions::error_answer(p_.settings, http_, 503,
                                             web::error_page_reason::internal);
        auto view = renewed();
        view.transaction.errand = errand::password_notice;
        password_prompt prompt{web::password_page::message::expires_soon, days, {}, true};
        auto page = new_password_page(p_, view, member, user_name_, std::move(prompt));
        sessions::set_session_cookie(page, person.new_secret);
        co_return remember(member, std::move(page));
    }

    // From the page that told of the expiry.
    awaitable<http::response> go_on() {
        auto found = co_await p_.sso.find(http_, from_);
        if (!found || !*found)
            co_return sessions::error_answer(p_.settings, http_, 400,
                                             web::error_page_reason::page_expired);
        if (!request_) co_return http::see_other("/account");
        co_return co_await oauth::finish_authorization(
            p_, http_, from_, *request_, **std::move(found), oauth::consent_answer::not_asked);
    }

    awaitable<http::response> welcome(identity who) {
        const auto before = co_await p_.sso.find(http_, from_);
        std::string previous;
        if (before && *before) previous = (*before)->session.id;
        auto person = p_.sso.make(http_, std::move(who), std::move(previous),
                                  {std::string(sessions::password_factor.amr)});
        if (request_) {
            co_return co_await oauth::finish_authorization(
                p_, http_, from_, *request_, std::move(person), oauth::consent_answer::not_asked);
        }
        co_return co_await open_account(std::move(person));
    }

    awaitable<bool> store_session(sessions::signed_in& person) {
        const auto record = p_.recorder.record_of(http_, audit::event::sign_in_success, "ok");
        const person_id candidate(store::new_record_id(p_.random, p_.time.now()));
        auto work = [&](store::transaction& t) {
            sessions::begin_session(t, person, candidate, record);
        };
        const auto done = co_await p_.memory.write(work);
        co_return done.has_value();
    }

    awaitable<http::response> open_account(sessions::signed_in person) {
        if (!co_await store_session(person))
            co_return sessions::error_answer(p_.settings, http_, 503,
                                             web::error_page_reason::internal);
        auto answer = http::see_other("/account");
        sessions::set_session_cookie(answer, person.new_secret);
        co_return answer;
    }

    awaitable<http::response> decide_consent(std::string_view action) {
        auto found = co_await p_.sso.find(http_, from_);
        if (!found || !*found || is_too_old()) {
            co_return sessions::error_answer(p_.settings, http_, 400,
                                             web::error_page_reason::page_expired);
        }
        const bool allowed = action == "allow";
        const auto& session = (*found)->session;
        auto record = p_.recorder.record_of(
            http_, allowed ? audit::event::consent_given : audit::event::consent_refused, "ok");
        record.member = session.member;
        record.person = session.person;
        record.client = request_->client->id;
        const store::consent given{session.person, request_->client->id, request_->scope,
                                   p_.time.now()};
        auto work = [&](store::transaction& t) {
            if (allowed) t.consents().put(given);
            t.audit().append(record);
        };
        const auto done = co_await p_.memory.write(work);
        if (!done)
            co_return sessions::error_answer(p_.settings, http_, 503,
                                             web::error_page_reason::internal);
        if (!allowed) {
            co_return co_await oauth::refuse_to_client(
                p_, http_, oauth::refusal_of(*request_, "access_denied", "the person refused"));
        }
        co_return co_await oauth::finish_authorization(
            p_, http_, from_, *request_, **std::move(found), oauth::consent_answer::given);
    }

    provider& p_;
    const http::request& http_;
    http::form& form_;
    sessions::browser from_;
    std::optional<oauth::authorization_request> request_;
    policies::snapshot_ptr registry_;
    sign_in_view view_;
    std::string user_name_;
    std::string member_;
};

}  // namespace

awaitable<http::response> sign_in_endpoint(provider& p, const http::request& http) {
    using reason = web::error_page_reason;
    auto form = oauth::read_form_body(http);
    if (!form)
        co_return sessions::error_answer(p.settings, http, form.error().status, reason::bad_request,
                                         form.error().description);
    auto transaction = sign_in_transaction::open(
        form->get("transaction").value_or(std::string_view()), *p.keys.get());
    if (!transaction) co_return sessions::error_answer(p.settings, http, 400, reason::page_expired);
    auto from = sessions::browser::of(http);
    if (from.id.empty() || !equal_in_constant_time(from.id, transaction->browser)) {
        co_return sessions::error_answer(p.settings, http, 403, reason::wrong_browser);
    }

    std::optional<oauth::authorization_request> request;
    const bool authorizes =
        transaction->errand == errand::authorize || transaction->errand == errand::consent ||
        (transaction->errand == errand::password_notice && !transaction->parameters.empty());
    if (authorizes) {
        // Judged anew: the registry may have changed since the page was shown.
        const auto parameters = http::form::parse(transaction->parameters);
        if (!parameters)
            co_return sessions::error_answer(p.settings, http, 400, reason::page_expired);
        auto parsed = oauth::parse_authorization_request(*parameters, transaction->parameters,
                                                         p.registry.get(), *p.keys.get());
        if (auto* page = std::get_if<oauth::refused_with_page>(&parsed))
            co_return co_await oauth::refuse_with_page(p, http, *page);
        if (auto* refused = std::get_if<oauth::refused_to_client>(&parsed)) {
            co_return co_await oauth::refuse_to_client(p, http, *refused);
        }
        request = std::get<oauth::authorization_request>(std::move(parsed));
    }
    sign_in_step step(p, http, *form, std::move(from), *std::move(transaction), std::move(request));
    auto answer = co_await step.run();
    form->wipe();
    co_return answer;
}

}  // namespace kommpass::idp::login
