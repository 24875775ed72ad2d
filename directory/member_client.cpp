#include "directory/member_client.hpp"

#include "config/vocabulary/prepared_string.hpp"
#include "directory/account_state.hpp"
#include "directory/person_entry.hpp"
#include "directory/work_under_way.hpp"

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr std::size_t ids_of_one_question = 100;

}  // namespace

member_client::member_client(boost::asio::io_context& io, member_slug slug,
                             directory_settings settings, federation& shared)
    : io_(io),
      slug_(std::move(slug)),
      as_registered_(std::move(settings)),
      settings_(std::make_shared<const directory_settings>(with_vendor_defaults(as_registered_))),
      counters_(shared.statistics.of(slug_)),
      lockouts_(shared.lockouts),
      time_(shared.time),
      pace_(shared.pace),
      random_(shared.random),
      connections_(std::make_shared<member_connections>(io, shared, slug_, settings_)),
      groups_(io, *connections_, settings_),
      person_attributes_(attributes_of_person(*settings_)) {}

member_client::~member_client() { connections_->stop(); }

steady_time member_client::deadline_from_now() const { return steady::now() + settings_->deadline; }

bool member_client::is_full() {
    if (under_way_ < settings_->max_waiting) return false;
    counters_->overloaded.fetch_add(1, std::memory_order_relaxed);
    return true;
}

awaitable<outcome<member_client::found_person>> member_client::find_by_name(const login_name& name,
                                                                            steady_time deadline) {
    auto filter = name.filter(*settings_);
    auto answer = co_await find_persons(std::move(filter), name.size_limit(), deadline);
    if (!answer) co_return answer.error();
    found_person found;
    // Where a limit hid entries, nobody knows whom the name means.
    found.entries = answer->code == LDAP_SUCCESS
                        ? name.meant(std::move(answer->entries), *settings_)
                        : std::move(answer->entries);
    if (found.entries.size() != 1) {
        found.account = account_of_name(name.counted);
        co_return found;
    }
    const auto& entry = found.entries.front();
    found.wrong_passwords =
        wrong_passwords_counted(entry, settings_->vendor, time_.now(), settings_->lockout_window);
    const auto id = id_of(entry, *settings_);
    found.account = id.empty() ? account_of_name(prepared(entry.dn)) : account_of_id(id.str());
    co_return found;
}

awaitable<outcome<ldap_answer>> member_client::find_persons(std::string filter, int size_limit,
                                                            steady_time deadline) {
    search_request request;
    request.base = settings_->person_base;
    request.filter = std::move(filter);
    request.attributes = person_attributes_;
    request.size_limit = size_limit;
    auto answer = co_await connections_->search(std::move(request), deadline);
    if (!answer) co_return answer.error();
    // As nobody, many servers would say that any password is right. A draft may have no base yet.
    answer->elsewhere +=
        std::erase_if(answer->entries, [](const auto& one) { return one.dn.empty(); });
    // Our own limit is met with two hits; with fewer, the server's hides whether the name is
    // ambiguous.
    const bool own_limit = answer->code == LDAP_SIZELIMIT_EXCEEDED && answer->entries.size() >= 2;
    if (answer->entries.empty() && answer->elsewhere > 0) {
        co_return directory_failure{trouble::misconfigured, "an entry outside of person_base " +
                                                                settings_->person_base +
                                                                " was answered, and is nobody's"};
    }
    if (answer->code == LDAP_SUCCESS || own_limit) co_return std::move(*answer);
    const bool ours = answer->code == LDAP_NO_SUCH_OBJECT ||
                      answer->code == LDAP_INSUFFICIENT_ACCESS ||
                      answer->code == LDAP_INVALID_DN_SYNTAX || answer->code == LDAP_FILTER_ERROR ||
                      answer->code == LDAP_SIZELIMIT_EXCEEDED || answer->code == LDAP_REFERRAL;
    co_return directory_failure{
        ours ? trouble::misconfigured : trouble::unavailable,
        answer->server + ": search below " + settings_->person_base + ": " + words_of(*answer)};
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
    const work_under_way work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto filter = "(&" + settings_->person_filter + id_filter(*settings_, id) + ")";
    auto found = co_await find_persons(std::move(filter), 2, deadline);
    if (!found) co_return told(found.error());
    note(true);
    // A server may answer with anybody; another one's entry is not whom the id means.
    std::erase_if(found->entries, [&](const auto& one) { return id_of(one, *settings_) != id; });
    if (found->entries.empty())
        co_return look_up_failure{look_up_error::no_such_person, "no entry has this id"};
    auto& entry = found->entries.front();
    if (state_of(entry, settings_->vendor, time_.now()).standing != account_standing::active)
        co_return look_up_failure{look_up_error::disabled, "the account is disabled or expired"};
    auto who = co_await complete(std::move(entry), deadline);
    if (!who) co_return told(who.error());
    co_return std::move(*who);
}

awaitable<result<identity, look_up_failure>> member_client::look_up_by_name(std::string user_name) {
    const auto self = shared_from_this();
    const auto name = login_name::read(user_name, *settings_);
    if (name.whole.empty())
        co_return look_up_failure{look_up_error::no_such_person, "no directory has such a name"};
    if (is_full())
        co_return look_up_failure{look_up_error::directory_overloaded, "max_waiting is reached"};
    const work_under_way work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto found = co_await find_by_name(name, deadline);
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

awaitable<result<account_standings, look_up_failure>> member_client::check_accounts(
    std::vector<directory_id> ids) {
    const auto self = shared_from_this();
    account_standings standings;
    std::size_t at_once = ids_of_one_question;
    for (std::size_t first = 0; first < ids.size();) {
        const auto last = std::min(ids.size(), first + at_once);
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
        // Half an answer would end the sessions of the other half: fewer are asked for at once,
        // and where one alone is too many, nothing is said of anybody.
        if (is_limit(answer->code) && last - first > 1) {
            at_once = (last - first) / 2;
            continue;
        }
        if (answer->code != LDAP_SUCCESS || answer->cut_off) {
            const auto why = words_of(*answer);
            co_return told({trouble::unavailable, "accounts were not all answered: " + why});
        }
        const auto active = active_among(answer->entries, *settings_, time_.now());
        for (auto at = first; at < last; ++at) {
            if (!active.contains(ids[at])) standings.gone.push_back(ids[at]);
        }
        first = last;
    }
    co_return standings;
}

}  // namespace kommpass::directory
