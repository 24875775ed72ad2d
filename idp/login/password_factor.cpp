#include "idp/login/password_factor.hpp"

#include "directory/sign_in.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/counted_attempt.hpp"
#include "idp/observe/log.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/store/audit_log.hpp"

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using directory::sign_in_error;
using web::sign_in_problem;

// What the person is told. How the account stands is theirs to know only after a right password;
// before, everything looks like a wrong one.
sign_in_problem told(const directory::sign_in_failure& failure) {
    const bool proven = failure.password_was_right;
    switch (failure.error) {
        case sign_in_error::wrong_credentials:
        case sign_in_error::ambiguous_name:
            return sign_in_problem::wrong_credentials;
        case sign_in_error::account_locked:
        case sign_in_error::account_disabled:
            return proven ? sign_in_problem::account_disabled : sign_in_problem::wrong_credentials;
        case sign_in_error::account_expired:
            return proven ? sign_in_problem::account_expired : sign_in_problem::wrong_credentials;
        case sign_in_error::outside_hours:
            return proven ? sign_in_problem::outside_hours : sign_in_problem::wrong_credentials;
        case sign_in_error::too_many_attempts:
            return sign_in_problem::too_many_attempts;
        case sign_in_error::password_expired:
            return sign_in_problem::password_expired;
        case sign_in_error::password_must_change:
            return sign_in_problem::password_must_change;
        case sign_in_error::directory_overloaded:
            return sign_in_problem::directory_overloaded;
        case sign_in_error::directory_unavailable:
        case sign_in_error::directory_misconfigured:
            break;
    }
    return sign_in_problem::directory_unavailable;
}

std::string_view word_for(sign_in_error error) {
    switch (error) {
        case sign_in_error::wrong_credentials:
            return "wrong_credentials";
        case sign_in_error::ambiguous_name:
            return "ambiguous_name";
        case sign_in_error::account_locked:
            return "account_locked";
        case sign_in_error::account_disabled:
            return "account_disabled";
        case sign_in_error::account_expired:
            return "account_expired";
        case sign_in_error::outside_hours:
            return "outside_hours";
        case sign_in_error::too_many_attempts:
            return "too_many_attempts";
        case sign_in_error::password_expired:
            return "password_expired";
        case sign_in_error::password_must_change:
            return "password_must_change";
        case sign_in_error::directory_overloaded:
            return "directory_overloaded";
        case sign_in_error::directory_unavailable:
            return "directory_unavailable";
        case sign_in_error::directory_misconfigured:
            return "directory_misconfigured";
    }
    return "unknown";
}

}  // namespace

std::vector<std::string> password_factor::amr() {
    return {std::string(sessions::password_factor.amr)};
}

store::audit_record password_factor::refusal_record(const http::request& request,
                                                    const policies::member& member,
                                                    const client_id& client, audit::event event,
                                                    std::string_view result) const {
    auto record = recorder_.record_of(request, event, result);
    record.member = member.slug;
    record.client = client;
    return record;
}

awaitable<checked_password> password_factor::slow_down(const http::request& request,
                                                       const policies::member& member,
                                                       const client_id& client,
                                                       std::chrono::milliseconds wait) {
    auto record = refusal_record(request, member, client, audit::event::sign_in_throttled,
                                 "too_many_attempts");
    co_await recorder_.append(std::move(record));
    co_return checked_password{std::nullopt, sign_in_problem::too_many_attempts,
                               std::chrono::ceil<std::chrono::seconds>(wait), false};
}

awaitable<checked_password> password_factor::check(const http::request& request,
                                                   const policies::member& member,
                                                   std::string user_name, secret_string password,
                                                   client_id client) {
    const auto keys = keys_.get();
    counted_attempt attempt(throttle_, *keys, request, member.slug);
    if (attempt.is_from_slowed_address()) {
        auto slowed = co_await slow_down(request, member, client, attempt.wait());
        co_return slowed;
    }
    auto answer = co_await directories_.sign_in(member.slug, std::move(user_name),
                                                std::move(password), attempt);
    if (answer) {
        attempt.succeeded();
        co_return checked_password{std::move(*answer), sign_in_problem::none, {}, false};
    }
    if (attempt.wait() > std::chrono::milliseconds(0)) {
        auto slowed = co_await slow_down(request, member, client, attempt.wait());
        co_return slowed;
    }
    const auto& failure = answer.error();
    const auto problem = told(failure);
    if (problem == sign_in_problem::wrong_credentials) attempt.failed();
    if (problem == sign_in_problem::directory_unavailable ||
        problem == sign_in_problem::directory_overloaded) {
        log_.warning("directory.unavailable", {{"member", member.slug.view()},
                                               {"reason", word_for(failure.error)},
                                               {"detail", failure.detail},
                                               {"request", request.id}});
    }
    auto record = refusal_record(request, member, client, audit::event::sign_in_failure,
                                 word_for(failure.error));
    co_await recorder_.append(std::move(record));
    co_return checked_password{std::nullopt, problem,
                               std::chrono::ceil<std::chrono::seconds>(failure.wait),
                               failure.may_change, failure.grace};
}

}  // namespace kommpass::idp::login
