#include "directory/member_client.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/person_entry.hpp"
#include "directory/search_filter.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr auto parents_are_fresh_for = std::chrono::seconds(60);
constexpr std::size_t most_remembered_groups = 2000;

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

void add_groups(std::vector<found_group>& into, const std::vector<ldap_entry>& entries) {
    for (const auto& entry : entries) {
        auto name = entry.first("cn");
        if (!name.empty() && !entry.dn.empty()) into.push_back({entry.dn, std::move(name)});
    }
}

sign_in_failure judged_bind(const ldap_answer& answer) {
    const auto detail = std::string(ldap_err2string(answer.code)) +
                        (answer.diagnostic.empty() ? "" : ": " + answer.diagnostic);
    if (answer.policy == password_policy_error::expired)
        return {sign_in_error::password_expired, detail};
    if (answer.policy == password_policy_error::locked)
        return {sign_in_error::account_locked, detail};
    switch (answer.code) {
        case LDAP_INVALID_CREDENTIALS:
        case LDAP_INAPPROPRIATE_AUTH:
        case LDAP_NO_SUCH_OBJECT:
        case LDAP_UNWILLING_TO_PERFORM:
        case LDAP_INVALID_DN_SYNTAX:
            return {sign_in_error::wrong_credentials, detail};
        default:
            return {sign_in_error::directory_unavailable, detail};
    }
}

}  // namespace

member_client::member_client(boost::asio::io_context& io, connect_workers& workers,
                             member_slug slug, directory_settings settings,
                             std::shared_ptr<member_counters> counters)
    : io_(io),
      slug_(std::move(slug)),
      settings_(std::make_shared<const directory_settings>(std::move(settings))),
      counters_(std::move(counters)),
      searches_(std::make_shared<connection_pool>(io, workers, settings_, purpose::search,
                                                  sharing::shared, settings_->search_connections)),
      pages_(std::make_shared<connection_pool>(io, workers, settings_, purpose::search,
                                               sharing::exclusive, 1)),
      binds_(std::make_shared<connection_pool>(io, workers, settings_, purpose::bind,
                                               sharing::exclusive, settings_->bind_connections)),
      person_attributes_(attributes_of_person(*settings_)) {}

member_client::~member_client() {
    searches_->stop();
    pages_->stop();
    binds_->stop();
}

member_client::failure member_client::group_trouble(const std::string& base, int code) {
    const bool ours = code == LDAP_NO_SUCH_OBJECT || code == LDAP_INSUFFICIENT_ACCESS;
    return {ours ? trouble::misconfigured : trouble::unavailable,
            "groups below " + base + ": " + ldap_err2string(code)};
}

steady_time member_client::deadline_from_now() const { return steady::now() + settings_->deadline; }

awaitable<result<identity, sign_in_failure>> member_client::sign_in(std::string user_name,
                                                                    secret_string password) {
    const auto self = shared_from_this();
    const auto failed = [](const failure& why) {
        return sign_in_failure{why.what == trouble::misconfigured
                                   ? sign_in_error::directory_misconfigured
                                   : sign_in_error::directory_unavailable,
                               why.detail};
    };
    counters_->sign_ins.fetch_add(1, std::memory_order_relaxed);
    // An empty password would be an anonymous bind, which many servers call a success (RFC
    // 4513, 5.1.2).
    const bool blank = password.reveal().find_first_not_of(' ') == std::string_view::npos;
    if (!is_sendable_name(user_name) || blank)
        co_return sign_in_failure{sign_in_error::wrong_credentials, "refused before it was sent"};
    if (under_way_ >= settings_->max_waiting) {
        counters_->overloaded.fetch_add(1, std::memory_order_relaxed);
        co_return sign_in_failure{sign_in_error::directory_overloaded, "max_waiting is reached"};
    }
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();

    auto found = co_await find_persons(
        name_filter(settings_->person_filter, settings_->login_attributes, user_name), deadline);
    if (!found) {
        counters_->unavailable.fetch_add(1, std::memory_order_relaxed);
        co_return failed(found.error());
    }
    const bool one = found->size() == 1;
    if (one && found->front().dn.empty()) {  // binding as nobody would succeed on many servers
        co_return sign_in_failure{sign_in_error::directory_misconfigured, "an entry without a DN"};
    }
    // Nobody of that name costs a bind as well, so that time does not tell who exists.
    auto dn = one ? found->front().dn : impossible_dn();
    auto bound = co_await bind(std::move(dn), std::move(password), deadline);
    if (!bound) {
        counters_->unavailable.fetch_add(1, std::memory_order_relaxed);
        co_return failed(bound.error());
    }
    if (found->size() > 1)
        co_return sign_in_failure{sign_in_error::ambiguous_name,
                                  "more than one entry has this name"};
    if (!one) co_return sign_in_failure{sign_in_error::wrong_credentials, "no such person"};
    if (bound->code != LDAP_SUCCESS) co_return judged_bind(*bound);
    if (bound->policy == password_policy_error::change_after_reset) {
        co_return sign_in_failure{sign_in_error::password_must_change, "pwdReset"};
    }
    auto who = co_await complete(std::move(found->front()), deadline);
    if (!who) co_return failed(who.error());
    co_return std::move(*who);
}

awaitable<member_client::outcome<ldap_answer>> member_client::bind(std::string dn,
                                                                   secret_string password,
                                                                   steady_time deadline) {
    // A connection that sat idle may have been cut without a word: one more try on a new one.
    for (int attempt = 0;; ++attempt) {
        auto taken = co_await binds_->take(deadline);
        if (!taken) {
            co_return failure{taken.error().error == pool_error::misconfigured
                                  ? trouble::misconfigured
                                  : trouble::unavailable,
                              taken.error().detail};
        }
        const auto connection = *taken;
        auto answer = co_await connection->bind(dn, password.clone(), deadline);
        if (!answer) connection->close();
        binds_->give_back(connection);
        if (answer) co_return std::move(*answer);
        if (answer.error() == operation_error::timeout)
            co_return failure{trouble::unavailable, "the bind was not answered in time"};
        if (attempt == 1) co_return failure{trouble::unavailable, "the connection was lost"};
    }
}

awaitable<member_client::outcome<ldap_answer>> member_client::search(search_request request,
                                                                     steady_time deadline) {
    for (int attempt = 0;; ++attempt) {
        auto shared = co_await searches_->share(deadline);
        if (!shared) {
            co_return failure{shared.error().error == pool_error::misconfigured
                                  ? trouble::misconfigured
                                  : trouble::unavailable,
                              shared.error().detail};
        }
        const auto connection = *shared;
        const auto asked_at = steady::now();
        auto answer = co_await connection->search(request, deadline);
        if (answer) co_return std::move(*answer);
        if (answer.error() == operation_error::timeout) {
            // Silent all the time: it may hang for good, so the next asker gets a new one. One that
            // has spoken meanwhile is only slow with this search.
            if (connection->last_heard() <= asked_at) connection->close();
            co_return failure{trouble::unavailable, "a search was not answered in time"};
        }
        if (attempt == 1) co_return failure{trouble::unavailable, "the connection was lost"};
    }
}

awaitable<member_client::outcome<std::vector<ldap_entry>>> member_client::find_persons(
    std::string filter, steady_time deadline) {
    search_request request;
    request.base = settings_->person_base;
    request.filter = std::move(filter);
    request.attributes = person_attributes_;
    request.size_limit = 2;  // a second hit makes the name ambiguous; a third adds nothing
    auto answer = co_await search(std::move(request), deadline);
    if (!answer) co_return answer.error();
    // Our own limit is met with two hits; with fewer, the server's hides whether the name is
    // ambiguous.
    const bool own_limit = answer->code == LDAP_SIZELIMIT_EXCEEDED && answer->entries.size() >= 2;
    if (answer->code == LDAP_SUCCESS || own_limit) co_return std::move(answer->entries);
    const bool ours = answer->code == LDAP_NO_SUCH_OBJECT ||
                      answer->code == LDAP_INSUFFICIENT_ACCESS ||
                      answer->code == LDAP_INVALID_DN_SYNTAX || answer->code == LDAP_FILTER_ERROR ||
                      answer->code == LDAP_SIZELIMIT_EXCEEDED;
    co_return failure{
        ours ? trouble::misconfigured : trouble::unavailable,
        "search below " + settings_->person_base + ": " + ldap_err2string(answer->code)};
}

awaitable<member_client::outcome<identity>> member_client::complete(ldap_entry person,
                                                                    steady_time deadline) {
    auto who = identity_of(person, slug_, *settings_);
    if (!who) co_return failure{trouble::misconfigured, who.error()};
    bool cut_off = person.cut_off;
    std::vector<found_group> direct;
    if (settings_->member_of) {
        direct = direct_from_member_of(person);
    } else if (!settings_->group_base.empty()) {
        auto found = co_await find_groups(direct_group_filter(person), cut_off, deadline);
        if (!found) co_return found.error();
        direct = std::move(*found);
    }
    const bool nests = settings_->groups != group_model::posix_group;
    group_resolution groups(std::move(direct), nests ? settings_->nesting_depth : 0);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        for (const auto& group : level) {
            auto parents = co_await parents_of(group, cut_off, deadline);
            if (!parents) co_return parents.error();
            groups.add_parents(group, *parents);
        }
    }
    who->groups = groups.memberships();
    who->groups_cut_off = cut_off || groups.cut_off();
    co_return std::move(*who);
}

std::vector<found_group> member_client::direct_from_member_of(const ldap_entry& person) const {
    std::vector<found_group> groups;
    for (const auto& dn : person.all("memberof")) {
        if (const auto parsed = distinguished_name::parse(dn))
            groups.push_back({dn, parsed->leaf_value()});
    }
    return groups;
}

std::string member_client::direct_group_filter(const ldap_entry& person) const {
    switch (settings_->groups) {
        case group_model::group_of_names:
            return "(&(objectClass=groupOfNames)" + equality("member", person.dn) + ")";
        case group_model::group_of_unique_names:
            return "(&(objectClass=groupOfUniqueNames)" + equality("uniqueMember", person.dn) + ")";
        case group_model::posix_group:
            break;
    }
    std::string filter =
        "(&(objectClass=posixGroup)(|" + equality("memberUid", person.first("uid"));
    const auto primary = person.first("gidnumber");
    if (!primary.empty()) filter += equality("gidNumber", primary);
    return filter + "))";
}

awaitable<member_client::outcome<std::vector<found_group>>> member_client::find_groups(
    std::string filter, bool& cut_off, steady_time deadline) {
    search_request request;
    request.base = settings_->group_base;
    request.filter = std::move(filter);
    request.attributes = {"cn"};
    auto answer = co_await search(request, deadline);
    if (!answer) co_return answer.error();
    if (answer->code == LDAP_SIZELIMIT_EXCEEDED || answer->code == LDAP_ADMINLIMIT_EXCEEDED) {
        co_return co_await find_groups_in_pages(std::move(request), cut_off, deadline);
    }
    if (answer->code != LDAP_SUCCESS) co_return group_trouble(settings_->group_base, answer->code);
    if (answer->cut_off) cut_off = true;
    std::vector<found_group> groups;
    add_groups(groups, answer->entries);
    co_return groups;
}

// More than the server gives at once. On a connection of its own, since the server keeps the place
// in the pages with the connection.
awaitable<member_client::outcome<std::vector<found_group>>> member_client::find_groups_in_pages(
    search_request request, bool& cut_off, steady_time deadline) {
    auto taken = co_await pages_->take(deadline);
    if (!taken) co_return failure{trouble::unavailable, taken.error().detail};
    const auto connection = *taken;
    std::vector<found_group> groups;
    std::optional<failure> failed;
    request.page_size = static_cast<int>(settings_->page_size);
    do {
        auto answer = co_await connection->search(request, deadline);
        if (!answer) {
            connection->close();
            failed = failure{trouble::unavailable, "a paged search was not answered in time"};
            break;
        }
        const bool limit =
            answer->code == LDAP_SIZELIMIT_EXCEEDED || answer->code == LDAP_ADMINLIMIT_EXCEEDED;
        if (answer->code != LDAP_SUCCESS && !limit) {
            failed = group_trouble(settings_->group_base, answer->code);
            break;
        }
        if (limit || answer->cut_off) cut_off = true;
        add_groups(groups, answer->entries);
        request.page_cookie = limit ? std::string() : std::move(answer->page_cookie);
    } while (!request.page_cookie.empty() && groups.size() < group_resolution::most_groups);
    if (!request.page_cookie.empty()) {
        cut_off = true;
        connection->close();  // the server would hold the rest of the pages for it
    }
    pages_->give_back(connection);
    if (failed) co_return *std::move(failed);
    co_return groups;
}

awaitable<member_client::outcome<std::vector<found_group>>> member_client::parents_of(
    const found_group& group, bool& cut_off, steady_time deadline) {
    const auto now = steady::now();
    if (const auto known = parents_.find(group.dn);
        known != parents_.end() && known->second.until > now) {
        co_return known->second.groups;
    }
    const bool unique = settings_->groups == group_model::group_of_unique_names;
    auto filter =
        unique ? "(&(objectClass=groupOfUniqueNames)" + equality("uniqueMember", group.dn) + ")"
               : "(&(objectClass=groupOfNames)" + equality("member", group.dn) + ")";
    bool parents_cut_off = false;
    auto found = co_await find_groups(std::move(filter), parents_cut_off, deadline);
    if (parents_cut_off) cut_off = true;
    if (found && !parents_cut_off) {
        if (parents_.size() >= most_remembered_groups) parents_.clear();
        parents_[group.dn] = {*found, now + parents_are_fresh_for};
    }
    co_return found;
}

std::string member_client::impossible_dn() {
    return "cn=nobody-of-this-name," + settings_->person_base;
}

look_up_failure member_client::told(const failure& why) {
    counters_->unavailable.fetch_add(1, std::memory_order_relaxed);
    return {why.what == trouble::misconfigured ? look_up_error::directory_misconfigured
                                               : look_up_error::directory_unavailable,
            why.detail};
}

awaitable<result<identity, look_up_failure>> member_client::look_up(directory_id id) {
    const auto self = shared_from_this();
    counters_->look_ups.fetch_add(1, std::memory_order_relaxed);
    if (under_way_ >= settings_->max_waiting)
        co_return look_up_failure{look_up_error::directory_overloaded, "max_waiting is reached"};
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto found = co_await find_persons(
        "(&" + settings_->person_filter + equality(settings_->id_attribute, id.view()) + ")",
        deadline);
    if (!found) co_return told(found.error());
    if (found->empty())
        co_return look_up_failure{look_up_error::no_such_person, "no entry has this id"};
    if (is_disabled(found->front()))
        co_return look_up_failure{look_up_error::disabled, "pwdAccountLockedTime"};
    auto who = co_await complete(std::move(found->front()), deadline);
    if (!who) co_return told(who.error());
    co_return std::move(*who);
}

awaitable<result<identity, look_up_failure>> member_client::look_up_by_name(std::string user_name) {
    const auto self = shared_from_this();
    if (!is_sendable_name(user_name))
        co_return look_up_failure{look_up_error::no_such_person, "no directory has such a name"};
    if (under_way_ >= settings_->max_waiting) {
        co_return look_up_failure{look_up_error::directory_overloaded, "max_waiting is reached"};
    }
    const counted work(under_way_, *counters_);
    const auto deadline = deadline_from_now();
    auto found = co_await find_persons(
        name_filter(settings_->person_filter, settings_->login_attributes, user_name), deadline);
    if (!found) co_return told(found.error());
    if (found->size() != 1) {
        co_return look_up_failure{
            look_up_error::no_such_person,
            found->empty() ? "no entry has this name" : "more than one entry has this name"};
    }
    auto who = co_await complete(std::move(found->front()), deadline);
    if (!who) co_return told(who.error());
    co_return std::move(*who);
}

}  // namespace kommpass::directory
