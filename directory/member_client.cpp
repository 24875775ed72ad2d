#include "directory/member_client.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/account_state.hpp"
#include "directory/password_policy.hpp"
#include "directory/person_entry.hpp"
#include "directory/search_filter.hpp"

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr std::size_t ids_of_one_question = 100;

// Counts a piece of work in, and out again however it ends.
class counted {
public:
    counted(std::size_t& under_way, member_counters& counters)
        : under_way_(under_way), counters_(counters) {
        ++under_way_;
        counters_.in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    ~counted() {
        --under_way_;
        counters_.in_flight.fetch_sub(1, std::memory_order_relaxed);
    }
    counted(const counted&) = delete;

private:
    std::size_t& under_way_;
    member_counters& counters_;
};

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

member_client::member_client(boost::asio::io_context& io, member_slug slug,
                             directory_settings settings, federation& shared)
    : slug_(std::move(slug)),
      as_registered_(std::move(settings)),
      settings_(std::make_shared<const directory_settings>(with_vendor_defaults(as_registered_))),
      counters_(shared.statistics.of(slug_)),
      lockouts_(shared.lockouts),
      time_(shared.time),
      pace_(shared.pace),
      random_(shared.random),
      connections_(std::make_shared<member_connections>(io, shared.workers, settings_, counters_,
                                                        shared.pace)),
      groups_(io, *connections_, settings_),
      person_attributes_(attributes_of_person(*settings_)) {}

member_client::~member_client() { connections_->stop(); }

steady_time member_client::deadline_from_now() const { return steady::now() + settings_->deadline; }

bool member_client::is_full() {
    if (under_way_ < settings_->max_waiting) return false;
    counters_->overloaded.fetch_add(1, std::memory_order_relaxed);
    return true;
}

milliseconds member_client::admit(const std::string& account) {
    const lockout_guard::rule rule{settings_->lockout_threshold, settings_->lockout_window};
    return lockouts_.admit(account, rule, steady::now());
}

awaitable<result<identity, sign_in_failure>> member_client::sign_in(std::string user_name,
                                                                    secret_string password) {
    const auto self = shared_from_this();
    counters_->sign_ins.fetch_add(1, std::memory_order_relaxed);
    if (!is_sendable_name(user_name) || is_blank(password))
        co_return refused(sign_in_error::wrong_credentials, "refused before it was sent");
    if (is_full()) co_return refused(sign_in_error::directory_overloaded, "max_waiting is reached");
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto answer = co_await checked_sign_in(std::move(user_name), std::move(password), deadline);
    note(answer || !was_not_judged(answer.error().error));
    co_return answer;
}

awaitable<result<identity, sign_in_failure>> member_client::checked_sign_in(std::string user_name,
                                                                            secret_string password,
                                                                            steady_time deadline) {
    auto found = co_await find_by_name(user_name, deadline);
    if (!found) co_return sign_in_failure_of(found.error());
    const bool one = found->entries.size() == 1;
    if (one && found->entries.front().dn.empty()) {  // as nobody, many servers would say success
        co_return refused(sign_in_error::directory_misconfigured, "an entry without a DN");
    }
    if (const auto wait = admit(found->account); wait > milliseconds(0)) {
        co_return sign_in_failure{sign_in_error::too_many_attempts,
                                  "the directory would lock the account", false, false, wait};
    }
    if (!one) {
        auto failure = co_await refuse_unasked(*found, deadline);
        co_return failure;
    }
    auto& refusals = counters_->refused_binds;
    auto dn = found->entries.front().dn;
    auto bound = co_await connections_->bind(std::move(dn), std::move(password), deadline);
    if (!bound) {
        refusals.silent();
        lockouts_.withdrawn(found->account);
        co_return sign_in_failure_of(bound.error());
    }
    refusals.answered();
    auto failure = judge_bind(settings_->vendor, *bound);
    if (!failure || failure->password_was_right) lockouts_.succeeded(found->account);
    if (failure) {
        if (was_not_judged(failure->error))
            lockouts_.withdrawn(found->account);
        else if (!failure->password_was_right) {
            if (is_plainly_wrong(*bound, failure->error == sign_in_error::wrong_credentials))
                refusals.observed(bound->took);
            co_await keep_pace(refusals, bound->took, deadline);
        }
        failure->may_change = failure->may_change && settings_->change_password;
        co_return *std::move(failure);
    }
    auto& entry = found->entries.front();
    const auto state = state_of(entry, settings_->vendor, time_.now());
    auto who = co_await complete(std::move(entry), deadline);
    if (!who) co_return sign_in_failure_of(who.error());
    who->password_expires_at = state.password_expires_at;
    if (bound->policy.expires_in)
        who->password_expires_at = time_.now() + *bound->policy.expires_in;
    else if (bound->policy.grace_left)
        who->password_expires_at = time_.now();  // the last sign-in that it is good for
    co_return std::move(*who);
}

awaitable<outcome<member_client::found_person>> member_client::find_by_name(
    const std::string& user_name, steady_time deadline) {
    const auto name = without_netbios_name(*settings_, user_name);
    auto filter = name_filter(settings_->person_filter, settings_->login_attributes, name);
    auto entries = co_await find_persons(std::move(filter), deadline);
    if (!entries) co_return entries.error();
    found_person found{std::move(*entries), {}};
    const bool one = found.entries.size() == 1;
    found.account = slug_.str() + (one ? "\ndn\n" + lower_case(found.entries.front().dn)
                                       : "\nname\n" + folded_name(name));
    co_return found;
}

awaitable<outcome<std::vector<ldap_entry>>> member_client::find_persons(std::string filter,
                                                                        steady_time deadline) {
    search_request request;
    request.base = settings_->person_base;
    request.filter = std::move(filter);
    request.attributes = person_attributes_;
    request.size_limit = 2;  // a second hit makes the name ambiguous; a third adds nothing
    auto answer = co_await connections_->search(std::move(request), deadline);
    if (!answer) co_return answer.error();
    // Our own limit is met with two hits; with fewer, the server's hides whether the name is
    // ambiguous.
    const bool own_limit = answer->code == LDAP_SIZELIMIT_EXCEEDED && answer->entries.size() >= 2;
    if (answer->code == LDAP_SUCCESS || own_limit) co_return std::move(answer->entries);
    const bool ours = answer->code == LDAP_NO_SUCH_OBJECT ||
                      answer->code == LDAP_INSUFFICIENT_ACCESS ||
                      answer->code == LDAP_INVALID_DN_SYNTAX || answer->code == LDAP_FILTER_ERROR ||
                      answer->code == LDAP_SIZELIMIT_EXCEEDED || answer->code == LDAP_REFERRAL;
    co_return directory_failure{ours ? trouble::misconfigured : trouble::unavailable,
                                answer->server + ": search below " + settings_->person_base + ": " +
                                    ldap_err2string(answer->code)};
}

awaitable<outcome<identity>> member_client::complete(ldap_entry person, steady_time deadline) {
    auto who = identity_of(person, slug_, *settings_);
    if (!who) co_return directory_failure{trouble::misconfigured, who.error()};
    auto groups = co_await groups_.groups_of(person, deadline);
    if (!groups) co_return groups.error();
    who->groups = std::move(groups->groups);
    who->groups_cut_off = groups->cut_off;
    co_return std::move(*who);
}

awaitable<void> member_client::keep_pace(const refusal_times& refusals,
                                         std::chrono::nanoseconds took, steady_time deadline) {
    const auto least = refusals.least();
    if (took < least) co_await pace_.until(std::min(deadline, pace_.now() + (least - took)));
}

awaitable<directory_failure> member_client::stay_silent(steady_time deadline) {
    co_await pace_.until(deadline);
    co_return directory_failure{trouble::unavailable, "no bind has been answered of late"};
}

awaitable<sign_in_failure> member_client::refuse_unasked(const found_person& found,
                                                         steady_time deadline) {
    const auto& refusals = counters_->refused_binds;
    const auto keeps = refusals.one_of(random_);
    auto rehearsed = co_await connections_->rehearse_bind(keeps, deadline);
    if (rehearsed && refusals.is_silent()) {
        auto silence = co_await stay_silent(deadline);
        rehearsed = std::move(silence);
    }
    if (!rehearsed) {
        lockouts_.withdrawn(found.account);
        co_return sign_in_failure_of(rehearsed.error());
    }
    co_await keep_pace(refusals, keeps, deadline);
    if (found.entries.empty())
        co_return refused(sign_in_error::wrong_credentials, "no such person");
    co_return refused(sign_in_error::ambiguous_name, "more than one entry has this name");
}

awaitable<password_change_failure> member_client::refuse_change_unasked(const found_person& found,
                                                                        steady_time deadline) {
    const auto& refusals = counters_->refused_changes;
    const auto keeps = refusals.one_of(random_);
    auto rehearsed = co_await connections_->rehearse_change(keeps, deadline);
    if (rehearsed && refusals.is_silent()) {
        auto silence = co_await stay_silent(deadline);
        rehearsed = std::move(silence);
    }
    if (!rehearsed) {
        lockouts_.withdrawn(found.account);
        co_return change_failure_of(rehearsed.error());
    }
    co_await keep_pace(refusals, keeps, deadline);
    co_return change_refused(password_change_error::wrong_credentials,
                             "none or more than one entry has this name");
}

void member_client::note(bool was_answered) {
    if (was_answered) return counters_->silent_since.store(0, std::memory_order_relaxed);
    counters_->unavailable.fetch_add(1, std::memory_order_relaxed);
    std::int64_t never = 0;
    counters_->silent_since.compare_exchange_strong(never, to_unix_seconds(time_.now()),
                                                    std::memory_order_relaxed);
}

look_up_failure member_client::told(const directory_failure& why) {
    note(false);
    return {why.what == trouble::misconfigured ? look_up_error::directory_misconfigured
                                               : look_up_error::directory_unavailable,
            why.detail};
}

awaitable<result<identity, look_up_failure>> member_client::look_up(directory_id id) {
    const auto self = shared_from_this();
    counters_->look_ups.fetch_add(1, std::memory_order_relaxed);
    if (is_full())
        co_return look_up_failure{look_up_error::directory_overloaded, "max_waiting is reached"};
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto filter = "(&" + settings_->person_filter + id_filter(*settings_, id) + ")";
    auto found = co_await find_persons(std::move(filter), deadline);
    if (!found) co_return told(found.error());
    note(true);
    if (found->empty())
        co_return look_up_failure{look_up_error::no_such_person, "no entry has this id"};
    auto& entry = found->front();
    if (state_of(entry, settings_->vendor, time_.now()).standing != account_standing::active)
        co_return look_up_failure{look_up_error::disabled, "the account is disabled or expired"};
    auto who = co_await complete(std::move(entry), deadline);
    if (!who) co_return told(who.error());
    co_return std::move(*who);
}

awaitable<result<identity, look_up_failure>> member_client::look_up_by_name(std::string user_name) {
    const auto self = shared_from_this();
    if (!is_sendable_name(user_name))
        co_return look_up_failure{look_up_error::no_such_person, "no directory has such a name"};
    if (is_full())
        co_return look_up_failure{look_up_error::directory_overloaded, "max_waiting is reached"};
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto found = co_await find_by_name(user_name, deadline);
    if (!found) co_return told(found.error());
    auto& entries = found->entries;
    if (entries.size() != 1) {
        const std::string why =
            entries.empty() ? "no entry has this name" : "more than one entry has this name";
        co_return look_up_failure{look_up_error::no_such_person, why};
    }
    auto who = co_await complete(std::move(entries.front()), deadline);
    if (!who) co_return told(who.error());
    co_return std::move(*who);
}

awaitable<result<void, password_change_failure>> member_client::change_password(
    std::string user_name, secret_string old_password, secret_string new_password) {
    using enum password_change_error;
    const auto self = shared_from_this();
    counters_->password_changes.fetch_add(1, std::memory_order_relaxed);
    if (!settings_->change_password) co_return change_refused(not_supported, "turned off");
    if (!is_sendable_name(user_name) || is_blank(old_password))
        co_return change_refused(wrong_credentials, "refused before it was sent");
    if (is_blank(new_password)) co_return change_refused(quality, "refused before it was sent");
    if (is_full()) co_return change_refused(directory_overloaded, "max_waiting is reached");
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto answer = co_await checked_change(std::move(user_name), std::move(old_password),
                                          std::move(new_password), deadline);
    co_return answer;
}

awaitable<result<void, password_change_failure>> member_client::checked_change(
    std::string user_name, secret_string old_password, secret_string new_password,
    steady_time deadline) {
    using enum password_change_error;
    auto found = co_await find_by_name(user_name, deadline);
    if (!found) co_return change_failure_of(found.error());
    if (const auto wait = admit(found->account); wait > milliseconds(0)) {
        co_return password_change_failure{
            too_many_attempts, "the directory would lock the account", {}, wait};
    }
    if (found->entries.size() != 1) {
        auto failure = co_await refuse_change_unasked(*found, deadline);
        co_return failure;
    }
    auto& refusals = counters_->refused_changes;
    auto answer = co_await connections_->change_password(
        found->entries.front().dn, std::move(old_password), std::move(new_password), deadline);
    if (!answer) {
        refusals.silent();
        lockouts_.withdrawn(found->account);
        co_return change_failure_of(answer.error());
    }
    refusals.answered();
    auto failed = judge_change(settings_->vendor, *answer);
    if (!failed || failed->error != wrong_credentials) lockouts_.succeeded(found->account);
    if (failed && failed->error == wrong_credentials) {
        if (is_plainly_wrong(*answer, true)) refusals.observed(answer->took);
        co_await keep_pace(refusals, answer->took, deadline);
    }
    if (failed) co_return *std::move(failed);
    co_return result<void, password_change_failure>();
}

awaitable<result<account_standings, look_up_failure>> member_client::check_accounts(
    std::vector<directory_id> ids) {
    const auto self = shared_from_this();
    account_standings standings;
    for (std::size_t first = 0; first < ids.size(); first += ids_of_one_question) {
        const auto last = std::min(ids.size(), first + ids_of_one_question);
        search_request request;
        request.base = settings_->person_base;
        request.filter = "(&" + settings_->person_filter + "(|";
        for (auto at = first; at < last; ++at) request.filter += id_filter(*settings_, ids[at]);
        request.filter += "))";
        request.attributes = profile_of(settings_->vendor).state_attributes;
        request.attributes.push_back(settings_->id_attribute);
        const auto deadline = deadline_from_now();
        auto answer = co_await connections_->search(std::move(request), deadline);
        if (!answer) co_return told(answer.error());
        if (answer->code != LDAP_SUCCESS || answer->cut_off) {
            // Half an answer would end the sessions of the other half.
            const std::string why = ldap_err2string(answer->code);
            co_return told({trouble::unavailable, "accounts were not all answered: " + why});
        }
        const auto active = active_among(answer->entries, *settings_, time_.now());
        for (auto at = first; at < last; ++at) {
            if (!active.contains(ids[at])) standings.gone.push_back(ids[at]);
        }
    }
    co_return standings;
}

// An entry without an id is nobody who could ever sign in, and is left out.
awaitable<result<bool, look_up_failure>> member_client::read_persons(
    std::function<void(const identity&)> on_person) {
    const auto self = shared_from_this();
    search_request request;
    request.base = settings_->person_base;
    request.filter = settings_->person_filter;
    request.attributes = person_attributes_;
    member_connections::page_handler on_page = [&](std::vector<ldap_entry> page) {
        for (const auto& entry : page) {
            if (const auto who = identity_of(entry, slug_, *settings_)) on_person(*who);
        }
        return true;
    };
    auto answer = co_await connections_->for_each_page(std::move(request), std::move(on_page),
                                                       settings_->deadline);
    if (!answer) co_return told(answer.error());
    if (answer->code != LDAP_SUCCESS) {
        const std::string why = ldap_err2string(answer->code);
        co_return told(
            {trouble::misconfigured, "persons below " + settings_->person_base + ": " + why});
    }
    co_return !answer->cut_off;
}

}  // namespace kommpass::directory
