// A person's groups in Active Directory, in two ways that give the same answer: step by step by
// memberOf, and by the rule that makes the server follow the chain.
#include "config/vocabulary/distinguished_name.hpp"
#include "directory/group_finder.hpp"
#include "directory/group_names.hpp"
#include "directory/search_filter.hpp"
#include "directory/security_identifier.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;

constexpr std::string_view in_chain_rule = ":1.2.840.113556.1.4.1941:";

std::string normalised(const std::string& dn) {
    const auto parsed = distinguished_name::parse(dn);
    return parsed ? parsed->normalised() : dn;
}

}  // namespace

awaitable<outcome<std::vector<found_group>>> group_finder::own_and_primary(const ldap_entry& person,
                                                                           steady_time deadline) {
    auto primary = co_await primary_group_dn(person, deadline);
    if (!primary) co_return primary.error();
    auto groups = groups_named(person.all("memberof"));
    for (auto& group : groups_named({*primary})) groups.push_back(std::move(group));
    co_return groups;
}

// memberOf of each group is a back-link of the same links that the in-chain rule follows, so both
// find the same.
awaitable<outcome<found_memberships>> group_finder::stepwise(const ldap_entry& person,
                                                             steady_time deadline) {
    if (settings_->group_base.empty()) co_return found_memberships{{}, person.cut_off};
    auto direct = co_await own_and_primary(person, deadline);
    if (!direct) co_return direct.error();
    bool cut_off = person.cut_off;
    group_resolution groups(std::move(*direct), settings_->nesting_depth, settings_->group_base);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        const auto known = co_await read_level(level, cut_off, deadline);
        if (!known) co_return known.error();
        for (const auto& group : level) {
            const auto found = known->find(group.dn);
            if (found != known->end()) groups.add_parents(group, found->second.parents);
        }
    }
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

// One question brings every group, since the server follows the chain; memberOf of the groups tells
// the paths.
awaitable<outcome<found_memberships>> group_finder::in_chain(const ldap_entry& person,
                                                             steady_time deadline) {
    auto primary = co_await primary_group_dn(person, deadline);
    if (!primary) co_return primary.error();
    const auto rule = "member" + std::string(in_chain_rule);
    std::string filter = "(&(objectClass=group)(|" + equality(rule, person.dn);
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
    auto direct = co_await own_and_primary(person, deadline);
    if (!direct) co_return direct.error();
    group_resolution groups(std::move(*direct), settings_->nesting_depth, settings_->group_base);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        for (const auto& group : level) {
            const auto found = known.find(normalised(group.dn));
            if (found != known.end())
                groups.add_parents(group, groups_named(found->second->all("memberof")));
        }
    }
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

// The group that primaryGroupID means is in no memberOf: its SID is the domain's with that number.
awaitable<outcome<std::string>> group_finder::primary_group_dn(const ldap_entry& person,
                                                               steady_time deadline) {
    const auto sid = sid_of_primary_group(person.only("objectsid"), person.only("primarygroupid"));
    if (sid.empty()) co_return std::string();
    const auto key = sid_reference(sid);
    if (const auto* known = recall(key)) co_return known->itself.dn;
    // Built-in groups may lie outside of the base that the member's own groups are in.
    search_request request;
    request.base = key;
    request.scope = LDAP_SCOPE_BASE;
    request.attributes = {"cn"};
    auto answer = co_await connections_.search(std::move(request), deadline);
    if (!answer) co_return answer.error();
    const auto found = groups_in(answer->entries);
    group_answer made;
    if (found.size() == 1) made.itself = found.front();
    auto dn = made.itself.dn;
    remember(key, std::move(made));
    co_return dn;
}

}  // namespace kommpass::directory
