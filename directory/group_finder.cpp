#include "directory/group_finder.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/search_filter.hpp"
#include "directory/security_identifier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr auto fresh_for = std::chrono::seconds(60);
constexpr std::size_t most_remembered = 2000;
constexpr std::size_t at_once = 16;  // questions of one person that wait for answers
constexpr std::string_view in_chain_rule = ":1.2.840.113556.1.4.1941:";

std::string object_class_of(group_model model) {
    switch (model) {
        case group_model::group_of_names:
            return "(objectClass=groupOfNames)";
        case group_model::group_of_unique_names:
            return "(objectClass=groupOfUniqueNames)";
        case group_model::posix_group:
            return "(objectClass=posixGroup)";
        case group_model::in_chain:
            break;
    }
    return "(objectClass=group)";
}

std::string member_attribute_of(group_model model) {
    return model == group_model::group_of_unique_names ? "uniqueMember" : "member";
}

std::string normalised(const std::string& dn) {
    const auto parsed = distinguished_name::parse(dn);
    return parsed ? parsed->normalised() : dn;
}

// Groups by their DNs alone, as memberOf names them.
std::vector<found_group> from_member_of(const ldap_entry& entry) {
    std::vector<found_group> groups;
    for (const auto& dn : entry.all("memberof")) {
        if (const auto parsed = distinguished_name::parse(dn))
            groups.push_back({dn, parsed->leaf_value()});
    }
    return groups;
}

std::vector<found_group> from_entries(const std::vector<ldap_entry>& entries) {
    std::vector<found_group> groups;
    for (const auto& entry : entries) {
        auto name = entry.first("cn");
        if (!name.empty() && !entry.dn.empty()) groups.push_back({entry.dn, std::move(name)});
    }
    return groups;
}

}  // namespace

group_finder::group_finder(boost::asio::io_context& io, member_connections& connections,
                           std::shared_ptr<const directory_settings> settings)
    : io_(io), connections_(connections), settings_(std::move(settings)) {}

awaitable<outcome<found_memberships>> group_finder::groups_of(const ldap_entry& person,
                                                              steady_time deadline) {
    if (*settings_->groups == group_model::in_chain) co_return co_await in_chain(person, deadline);
    co_return co_await by_levels(person, deadline);
}

awaitable<outcome<found_memberships>> group_finder::by_levels(const ldap_entry& person,
                                                              steady_time deadline) {
    bool cut_off = person.cut_off;
    auto direct = co_await direct_groups(person, cut_off, deadline);
    if (!direct) co_return direct.error();
    const bool nests = *settings_->groups != group_model::posix_group;
    group_resolution groups(std::move(*direct), nests ? settings_->nesting_depth : 0,
                            settings_->group_base);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        const auto added =
            co_await add_parents_of_level(groups, std::move(level), cut_off, deadline);
        if (!added) co_return added.error();
    }
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

awaitable<outcome<std::vector<found_group>>> group_finder::direct_groups(const ldap_entry& person,
                                                                         bool& cut_off,
                                                                         steady_time deadline) {
    if (settings_->group_base.empty()) co_return std::vector<found_group>();
    if (settings_->member_of) co_return from_member_of(person);
    const auto model = *settings_->groups;
    std::string filter = "(&" + object_class_of(model);
    if (model == group_model::posix_group) {
        const auto primary = person.first("gidnumber");
        filter += "(|" + equality("memberUid", person.first("uid")) +
                  (primary.empty() ? "" : equality("gidNumber", primary)) + "))";
    } else {
        filter += equality(member_attribute_of(model), person.dn) + ")";
    }
    std::vector<std::string> attributes{"cn"};
    auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
    if (!answer) co_return answer.error();
    if (answer->cut_off) cut_off = true;
    co_return from_entries(answer->entries);
}

// The groups of one level, of which some are asked for at a time.
struct group_finder::level_work {
    level_work(boost::asio::io_context& io, std::vector<found_group> groups, steady_time until)
        : level(std::move(groups)),
          parents(level.size()),
          deadline(until),
          done(io, boost::asio::steady_timer::time_point::max()) {}
    std::vector<found_group> level;
    std::vector<std::vector<found_group>> parents;
    steady_time deadline;
    boost::asio::steady_timer done;
    std::size_t next = 0;
    std::size_t workers = 0;
    bool cut_off = false;
    std::optional<directory_failure> failed;
};

awaitable<result<void, directory_failure>> group_finder::add_parents_of_level(
    group_resolution& groups, std::vector<found_group> level, bool& cut_off, steady_time deadline) {
    const auto work = std::make_shared<level_work>(io_, std::move(level), deadline);
    work->workers = std::min(at_once, work->level.size());
    const auto helpers = work->workers - 1;
    for (std::size_t i = 0; i < helpers; ++i) {
        boost::asio::co_spawn(
            io_, [this, work]() -> awaitable<void> { co_await work_on(work); },
            boost::asio::detached);
    }
    co_await work_on(work);
    if (work->workers > 0) {
        boost::system::error_code woken;
        co_await work->done.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    if (work->failed) co_return *work->failed;
    if (work->cut_off) cut_off = true;
    for (std::size_t i = 0; i < work->level.size(); ++i)
        groups.add_parents(work->level[i], work->parents[i]);
    co_return result<void, directory_failure>();
}

awaitable<void> group_finder::work_on(std::shared_ptr<level_work> work) {
    while (work->next < work->level.size() && !work->failed) {
        const auto at = work->next++;
        auto parents = co_await parents_of(work->level[at], work->cut_off, work->deadline);
        if (parents)
            work->parents[at] = std::move(*parents);
        else
            work->failed = parents.error();
    }
    if (--work->workers == 0) work->done.cancel();
}

awaitable<outcome<std::vector<found_group>>> group_finder::parents_of(const found_group& group,
                                                                      bool& cut_off,
                                                                      steady_time deadline) {
    if (const auto* known = recall(group.dn)) co_return *known;
    const auto model = *settings_->groups;
    auto filter =
        "(&" + object_class_of(model) + equality(member_attribute_of(model), group.dn) + ")";
    std::vector<std::string> attributes{"cn"};
    auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
    if (!answer) co_return answer.error();
    auto parents = from_entries(answer->entries);
    if (answer->cut_off)
        cut_off = true;
    else
        remember(group.dn, parents);
    co_return parents;
}

// One question brings every group, since the server follows the chain; memberOf of the groups tells
// the paths.
awaitable<outcome<found_memberships>> group_finder::in_chain(const ldap_entry& person,
                                                             steady_time deadline) {
    auto primary = co_await primary_group_dn(person, deadline);
    if (!primary) co_return primary.error();
    const auto rule = "member" + std::string(in_chain_rule);
    std::string filter =
        "(&" + object_class_of(group_model::in_chain) + "(|" + equality(rule, person.dn);
    if (!primary->empty())
        filter += equality(rule, *primary) + equality("distinguishedName", *primary);
    filter += "))";
    std::vector<std::string> attributes{"cn", "memberOf"};
    auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
    if (!answer) co_return answer.error();

    std::map<std::string, const ldap_entry*> known;
    bool cut_off = person.cut_off || answer->cut_off;
    for (const auto& entry : answer->entries) {
        known.emplace(normalised(entry.dn), &entry);
        cut_off = cut_off || entry.cut_off;
    }
    auto direct = from_member_of(person);
    if (!primary->empty()) {
        const auto parsed = distinguished_name::parse(*primary);
        if (parsed) direct.push_back({*primary, parsed->leaf_value()});
    }
    group_resolution groups(std::move(direct), settings_->nesting_depth, settings_->group_base);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        for (const auto& group : level) {
            const auto found = known.find(normalised(group.dn));
            if (found != known.end()) groups.add_parents(group, from_member_of(*found->second));
        }
    }
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

// The group that primaryGroupID means is in no memberOf: its SID is the domain's with that number.
awaitable<outcome<std::string>> group_finder::primary_group_dn(const ldap_entry& person,
                                                               steady_time deadline) {
    const auto sid =
        sid_of_primary_group(person.first_raw("objectsid"), person.first("primarygroupid"));
    if (sid.empty()) co_return std::string();
    const auto filter = "(objectSid=" + escaped_bytes(sid) + ")";
    if (const auto* known = recall(filter))
        co_return known->empty() ? std::string() : known->front().dn;
    // Built-in groups may lie outside of the base that the member's own groups are in.
    search_request request;
    request.base = sid_reference(sid);
    request.scope = LDAP_SCOPE_BASE;
    request.attributes = {"cn"};
    auto answer = co_await connections_.search(std::move(request), deadline);
    if (!answer) co_return answer.error();
    auto found = from_entries(answer->entries);
    auto dn = found.empty() ? std::string() : found.front().dn;
    remember(filter, std::move(found));
    co_return dn;
}

awaitable<outcome<ldap_answer>> group_finder::search_groups(std::string filter,
                                                            std::vector<std::string> attributes,
                                                            steady_time deadline) {
    search_request request;
    request.base = settings_->group_base;
    request.filter = std::move(filter);
    request.attributes = std::move(attributes);
    auto answer = co_await connections_.search(request, deadline);
    if (!answer) co_return answer.error();
    const bool more =
        answer->code == LDAP_SIZELIMIT_EXCEEDED || answer->code == LDAP_ADMINLIMIT_EXCEEDED;
    if (more) {
        constexpr auto most = group_resolution::most_groups;
        answer = co_await connections_.search_in_pages(std::move(request), most, deadline);
        if (!answer) co_return answer.error();
    }
    if (answer->code == LDAP_SUCCESS) co_return std::move(*answer);
    const bool ours =
        answer->code == LDAP_NO_SUCH_OBJECT || answer->code == LDAP_INSUFFICIENT_ACCESS;
    co_return directory_failure{ours ? trouble::misconfigured : trouble::unavailable,
                                answer->server + ": groups below " + settings_->group_base + ": " +
                                    ldap_err2string(answer->code)};
}

const std::vector<found_group>* group_finder::recall(const std::string& key) const {
    const auto found = remembered_.find(key);
    const bool fresh = found != remembered_.end() && found->second.until > steady::now();
    return fresh ? &found->second.groups : nullptr;
}

void group_finder::remember(const std::string& key, std::vector<found_group> groups) {
    if (remembered_.size() >= most_remembered) remembered_.clear();
    remembered_[key] = {std::move(groups), steady::now() + fresh_for};
}

}  // namespace kommpass::directory
