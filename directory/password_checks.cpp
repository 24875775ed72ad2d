// What a member's directory is asked with somebody's password: sign-in and change.
#include "config/vocabulary/composed_password.hpp"
#include "directory/account_state.hpp"
#include "directory/guarded_attempt.hpp"
#include "directory/member_client.hpp"
#include "directory/password_policy.hpp"
#include "directory/work_under_way.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;
using turn = lockout_guard::turn;

// How often an attempt that waits for another one's outcome looks.
constexpr milliseconds turn_asked_again{10};

constexpr auto slowed = "guessing at this account is slowed";
constexpr auto would_lock = "the directory would lock the account";

lockout_guard::browser browser_of(const attempt_gate::verdict& let_through) {
    return let_through.is_known_browser ? lockout_guard::browser::known
                                        : lockout_guard::browser::unknown;
}

sign_in_failure too_many(std::string why, milliseconds wait) {
    return {sign_in_error::too_many_attempts, std::move(why), false, false, wait};
}

password_change_failure too_many_changes(std::string why, milliseconds wait) {
    return {password_change_error::too_many_attempts, std::move(why), {}, wait};
}

sign_in_failure refused(sign_in_error error, std::string detail) {
    return {error, std::move(detail), false, false, {}};
}

sign_in_failure sign_in_failure_of(const directory_failure& why) {
    const auto error = why.what == trouble::misconfigured ? sign_in_error::directory_misconfigured
                                                          : sign_in_error::directory_unavailable;
    return refused(error, why.detail);
}

password_change_failure change_refused(password_change_error error, std::string detail) {
    return {error, std::move(detail), {}, {}};
}

password_change_failure change_failure_of(const directory_failure& why) {
    const auto error = why.what == trouble::misconfigured
                           ? password_change_error::directory_misconfigured
                           : password_change_error::directory_unavailable;
    return change_refused(error, why.detail);
}

// An empty password would be an anonymous bind, which many servers call a success (RFC
// 4513, 5.1.2).
bool is_blank(const secret_string& password) {
    return password.reveal().find_first_not_of(' ') == std::string_view::npos;
}

// The directory never said whether the password is right.
bool was_not_judged(sign_in_error error) {
    return error == sign_in_error::directory_unavailable ||
           error == sign_in_error::directory_misconfigured ||
           error == sign_in_error::directory_overloaded;
}

// The directory looked at the password, as far as one can tell.
bool is_plainly_wrong(const ldap_answer& answer, bool said_to_be_wrong) {
    const bool code = answer.code == LDAP_INVALID_CREDENTIALS ||
                      answer.code == LDAP_CONSTRAINT_VIOLATION;  // Active Directory's of a change
    return said_to_be_wrong && code;
}

}  // namespace

std::string member_client::guarded(const std::string& account) const {
    return slug_.str() + "\n" + account;
}

awaitable<lockout_guard::verdict> member_client::take_turn(const found_person& found,
                                                           lockout_guard::browser from,
                                                           steady_time deadline) {
    const lockout_guard::rule rule{settings_->lockout_threshold, settings_->lockout_window};
    const auto key = guarded(found.account);
    boost::asio::steady_timer again(io_);
    for (;;) {
        const auto verdict = lockouts_.admit(key, rule, from, steady::now(), found.wrong_passwords);
        if (verdict.turn != turn::later) co_return verdict;
        if (steady::now() + turn_asked_again >= deadline)
            co_return lockout_guard::verdict{turn::never, milliseconds(1000)};
        again.expires_after(turn_asked_again);
        boost::system::error_code woken;
        co_await again.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

awaitable<result<identity, sign_in_failure>> member_client::sign_in(std::string user_name,
                                                                    secret_string password,
                                                                    attempt_gate& gate) {
    const auto self = shared_from_this();
    counters_->sign_ins.fetch_add(1, std::memory_order_relaxed);
    const auto name = login_name::read(user_name, *settings_);
    if (name.whole.empty() || is_blank(password))
        co_return refused(sign_in_error::wrong_credentials, "refused before it was sent");
    if (is_full()) co_return refused(sign_in_error::directory_overloaded, "max_waiting is reached");
    const work_under_way work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto answer = co_await checked_sign_in(name, std::move(password), gate, deadline);
    note(answer || !was_not_judged(answer.error().error));
    co_return answer;
}

awaitable<result<identity, sign_in_failure>> member_client::checked_sign_in(const login_name& name,
                                                                            secret_string password,
                                                                            attempt_gate& gate,
                                                                            steady_time deadline) {
    const auto began = pace_.now();
    auto found = co_await find_by_name(name, deadline);
    if (!found) co_return sign_in_failure_of(found.error());
    const auto let_through = gate.admit(found->account);
    if (let_through.wait > milliseconds(0)) co_return too_many(slowed, let_through.wait);
    const auto from = browser_of(let_through);
    auto other = composed(password);
    auto answer = co_await try_password(*found, std::move(password), from, began, deadline);
    if (answer || !other) co_return answer;
    const auto why = answer.error().error;
    if (why != sign_in_error::wrong_credentials && why != sign_in_error::ambiguous_name)
        co_return answer;
    auto second = co_await try_password(*found, *std::move(other), from, pace_.now(), deadline);
    if (!second && second.error().error == sign_in_error::too_many_attempts) co_return answer;
    co_return second;
}

// The directory counts every bind, so each takes a turn of its own, whoever's count it is.
awaitable<result<identity, sign_in_failure>> member_client::try_password(
    found_person& found, secret_string password, lockout_guard::browser from, steady_time began,
    steady_time deadline) {
    const auto mine = co_await take_turn(found, from, deadline);
    if (mine.turn == turn::never) co_return too_many(would_lock, mine.wait);
    guarded_attempt attempt(lockouts_, guarded(found.account), from);
    if (found.entries.size() != 1) {
        const auto rehearsed = co_await refuse_unasked(question::sign_in, began, deadline);
        if (!rehearsed) co_return sign_in_failure_of(rehearsed.error());
        attempt.failed();
        if (found.entries.empty())
            co_return refused(sign_in_error::wrong_credentials, "no such person");
        co_return refused(sign_in_error::ambiguous_name, "more than one entry has this name");
    }
    auto& refusals = counters_->refused_binds;
    auto dn = found.entries.front().dn;
    auto bound = co_await connections_->bind(std::move(dn), std::move(password), deadline);
    if (!bound) {
        refusals.silent();
        co_return sign_in_failure_of(bound.error());
    }
    refusals.answered();
    auto failure = judge_bind(settings_->vendor, *bound);
    // Where nothing can be changed here, what the directory lets in comes in.
    if (failure && failure->grace && !settings_->change_password) failure.reset();
    if (failure) {
        if (failure->password_was_right)
            attempt.succeeded();
        else if (!was_not_judged(failure->error)) {
            attempt.failed();
            if (is_plainly_wrong(*bound, failure->error == sign_in_error::wrong_credentials))
                refusals.observed(pace_.now() - began);
            co_await keep_pace(refusals, began, deadline);
        }
        failure->may_change = failure->may_change && settings_->change_password;
        co_return *std::move(failure);
    }
    attempt.succeeded();
    auto& entry = found.entries.front();
    const auto state = state_of(entry, settings_->vendor, time_.now());
    auto who = co_await complete(std::move(entry), deadline);
    if (!who) co_return sign_in_failure_of(who.error());
    who->password_expires_at = state.password_expires_at;
    if (bound->policy.expires_in)
        who->password_expires_at = time_.now() + *bound->policy.expires_in;
    else if (bound->policy.grace_left)
        who->password_expires_at = time_.now();
    co_return std::move(*who);
}

awaitable<result<void, password_change_failure>> member_client::change_password(
    std::string user_name, secret_string old_password, secret_string new_password,
    std::string connection, attempt_gate& gate) {
    using enum password_change_error;
    const auto self = shared_from_this();
    counters_->password_changes.fetch_add(1, std::memory_order_relaxed);
    if (!settings_->change_password) co_return change_refused(not_supported, "turned off");
    const auto name = login_name::read(user_name, *settings_);
    if (name.whole.empty() || is_blank(old_password))
        co_return change_refused(wrong_credentials, "refused before it was sent");
    if (is_blank(new_password)) co_return change_refused(quality, "refused before it was sent");
    if (is_full()) co_return change_refused(directory_overloaded, "max_waiting is reached");
    const work_under_way work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    if (auto normal = composed(new_password)) new_password = *std::move(normal);
    auto answer = co_await checked_change(name, std::move(old_password), std::move(new_password),
                                          std::move(connection), gate, deadline);
    co_return answer;
}

awaitable<result<void, password_change_failure>> member_client::checked_change(
    const login_name& name, secret_string old_password, secret_string new_password,
    std::string connection, attempt_gate& gate, steady_time deadline) {
    using enum password_change_error;
    const auto began = pace_.now();
    auto found = co_await find_by_name(name, deadline);
    if (!found) co_return change_failure_of(found.error());
    const auto let_through = gate.admit(found->account);
    if (let_through.wait > milliseconds(0)) co_return too_many_changes(slowed, let_through.wait);
    const auto from = browser_of(let_through);
    auto other = composed(old_password);
    auto wanted = new_password.clone();
    auto answer = co_await try_change(*found, std::move(old_password), std::move(wanted),
                                      std::move(connection), from, began, deadline);
    if (answer || !other || answer.error().error != wrong_credentials) co_return answer;
    std::string kept = answer.error().grace ? answer.error().grace->connection : std::string();
    auto second = co_await try_change(*found, *std::move(other), std::move(new_password),
                                      std::move(kept), from, pace_.now(), deadline);
    if (!second && second.error().error == too_many_attempts) co_return answer;
    co_return second;
}

awaitable<result<void, password_change_failure>> member_client::try_change(
    const found_person& found, secret_string old_password, secret_string new_password,
    std::string connection, lockout_guard::browser from, steady_time began, steady_time deadline) {
    using enum password_change_error;
    const auto mine = co_await take_turn(found, from, deadline);
    if (mine.turn == turn::never) co_return too_many_changes(would_lock, mine.wait);
    guarded_attempt attempt(lockouts_, guarded(found.account), from);
    if (found.entries.size() != 1) {
        const auto rehearsed = co_await refuse_unasked(question::change, began, deadline);
        if (!rehearsed) co_return change_failure_of(rehearsed.error());
        attempt.failed();
        co_return change_refused(wrong_credentials, "none or more than one entry has this name");
    }
    auto& refusals = counters_->refused_changes;
    auto answer = co_await connections_->change_password(
        found.entries.front().dn, std::move(old_password), std::move(new_password),
        std::move(connection), deadline);
    if (!answer) {
        refusals.silent();
        co_return change_failure_of(answer.error());
    }
    refusals.answered();
    auto failed = judge_change(settings_->vendor, *answer);
    if (failed && failed->error == wrong_credentials) {
        attempt.failed();
        if (is_plainly_wrong(*answer, true)) refusals.observed(pace_.now() - began);
        co_await keep_pace(refusals, began, deadline);
        co_return *std::move(failed);
    }
    attempt.succeeded();
    if (failed) co_return *std::move(failed);
    co_return result<void, password_change_failure>();
}

}  // namespace kommpass::directory
