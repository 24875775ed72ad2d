#include "directory/group_finder.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/group_names.hpp"
#include "directory/search_filter.hpp"

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

constexpr std::size_t most_remembered = 2000;
constexpr std::size_t groups_of_one_question = 50;
constexpr std::size_t at_once = 16;  // questions of one person that wait for answers

std::string object_class_of(group_model model) {
    switch (model) {
        case group_model::group_of_names:
            return "(objectClass=groupOfNames)";
        case group_model::group_of_unique_names:
            return "(objectClass=groupOfUniqueNames)";
        case group_model::posix_group:
            return "(objectClass=posixGroup)";
        case group_model::stepwise:
        case group_model::in_chain:
            break;
    }
    return "(objectClass=group)";
}

std::string normalised(const std::string& dn) {
    const auto parsed = distinguished_name::parse(dn);
    return parsed ? parsed->normalised() : dn;
}

std::string member_attribute_of(group_model model) {
    return model == group_model::group_of_unique_names ? "uniqueMember" : "member";
}

}  // namespace

group_finder::group_finder(boost::asio::io_context& io, member_connections& connections,
                           std::shared_ptr<const directory_settings> settings)
    : io_(io), connections_(connections), settings_(std::move(settings)) {}

awaitable<outcome<found_memberships>> group_finder::groups_of(const ldap_entry& person,
                                                              steady_time deadline) {
    if (*settings_->groups == group_model::in_chain) co_return co_await in_chain(person, deadline);
    if (*settings_->groups == group_model::stepwise) co_return co_await stepwise(person, deadline);
    co_return co_await by_levels(person, deadline);
}

awaitable<outcome<found_memberships>> group_finder::by_levels(const ldap_entry& person,
                                                              steady_time deadline) {
    bool cut_off = person.cut_off;
    auto direct = co_await direct_groups(person, cut_off, deadline);
    if (!direct) co_return direct.error();
    const bool nests = *settings_->groups != group_model::posix_group;
    const auto depth = nests ? settings_->nesting_depth : 0;
    if (depth == 0 && settings_->member_of)
        co_return co_await with_names(std::move(*direct), cut_off, deadline);
    group_resolution groups(std::move(*direct), depth, settings_->group_base);
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        const auto added =
            co_await add_parents_of_level(groups, std::move(level), cut_off, deadline);
        if (!added) co_return added.error();
    }
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

// Where no group leads to another, memberOf has told all but what the groups are called.
awaitable<outcome<found_memberships>> group_finder::with_names(std::vector<found_group> direct,
                                                               bool cut_off, steady_time deadline) {
    group_resolution groups(std::move(direct), 1, settings_->group_base);
    const auto all = groups.next_level();
    const auto known = co_await read_level(all, cut_off, deadline);
    if (!known) co_return known.error();
    for (const auto& [dn, answer] : *known) groups.take_names(answer.itself);
    co_return found_memberships{groups.memberships(), cut_off || groups.cut_off()};
}

awaitable<outcome<std::map<std::string, group_finder::group_answer>>> group_finder::read_level(
    const std::vector<found_group>& level, bool& cut_off, steady_time deadline) {
    const bool is_ad = settings_->vendor == directory_vendor::active_directory;
    std::map<std::string, group_answer> known;
    std::map<std::string, std::string> unknown;  // by normalised DN
    for (const auto& group : level) {
        if (const auto* remembered = recall(group.dn))
            known.emplace(group.dn, *remembered);
        else
            unknown.emplace(normalised(group.dn), group.dn);
    }
    for (auto at = unknown.begin(); at != unknown.end();) {
        std::string filter = "(|";
        for (std::size_t i = 0; i < groups_of_one_question && at != unknown.end(); ++i, ++at)
            filter += equality(is_ad ? "distinguishedName" : "entryDN", at->second);
        filter += ")";
        std::vector<std::string> attributes{"cn"};
        if (is_ad) attributes.emplace_back("memberOf");
        auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
        if (!answer) co_return answer.error();
        cut_off = cut_off || answer->cut_off;
        for (const auto& entry : answer->entries) {
            const auto asked = unknown.find(normalised(entry.dn));
            auto itself = groups_in({entry});
            if (asked == unknown.end() || itself.empty()) continue;
            itself.front().dn = asked->second;
            group_answer made{std::move(itself.front()), groups_named(entry.all("memberof"))};
            cut_off = cut_off || entry.cut_off;
            if (!entry.cut_off) remember(asked->second, made);
            known.emplace(asked->second, std::move(made));
        }
    }
    co_return known;
}

awaitable<outcome<std::vector<found_group>>> group_finder::direct_groups(const ldap_entry& person,
                                                                         bool& cut_off,
                                                                         steady_time deadline) {
    if (settings_->group_base.empty()) co_return std::vector<found_group>();
    if (settings_->member_of) co_return groups_named(person.all("memberof"));
    const auto model = *settings_->groups;
    std::string filter = "(&" + object_class_of(model);
    if (model == group_model::posix_group) {
        std::string by_value;
        for (const auto& name : person.texts("uid")) by_value += equality("memberUid", name);
        for (const auto& number : person.texts("gidnumber"))
            by_value += equality("gidNumber", number);
        if (by_value.empty()) co_return std::vector<found_group>();
        filter += "(|" + by_value + "))";
    } else {
        filter += equality(member_attribute_of(model), person.dn) + ")";
    }
    std::vector<std::string> attributes{"cn"};
    auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
    if (!answer) co_return answer.error();
    if (answer->cut_off) cut_off = true;
    co_return groups_in(answer->entries);
}

// The groups of one level, of which some are asked for at a time.
struct group_finder::level_work {
    level_work(boost::asio::io_context& io, std::vector<found_group> groups, steady_time until)
        : level(std::move(groups)),
          answers(level.size()),
          deadline(until),
          done(io, boost::asio::steady_timer::time_point::max()) {}
    std::vector<found_group> level;
    std::vector<group_answer> answers;
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
    for (std::size_t i = 0; i < work->level.size(); ++i) {
        auto& answer = work->answers[i];
        if (!answer.itself.dn.empty()) groups.take_names(std::move(answer.itself));
        groups.add_parents(work->level[i], answer.parents);
    }
    co_return result<void, directory_failure>();
}

awaitable<void> group_finder::work_on(std::shared_ptr<level_work> work) {
    while (work->next < work->level.size() && !work->failed) {
        const auto at = work->next++;
        auto answer = co_await ask_about(work->level[at], work->cut_off, work->deadline);
        if (answer)
            work->answers[at] = std::move(*answer);
        else
            work->failed = answer.error();
    }
    if (--work->workers == 0) work->done.cancel();
}

// One question for the groups that it lies in, and for itself where memberOf gave no more than its
// DN. A server that does not know entryDN (RFC 5020) leaves it at that.
awaitable<outcome<group_finder::group_answer>> group_finder::ask_about(const found_group& group,
                                                                       bool& cut_off,
                                                                       steady_time deadline) {
    if (const auto* known = recall(group.dn)) co_return *known;
    const auto model = *settings_->groups;
    auto wanted = equality(member_attribute_of(model), group.dn);
    if (settings_->member_of) wanted += equality("entryDN", group.dn);
    auto filter = "(&" + object_class_of(model) + "(|" + wanted + "))";
    std::vector<std::string> attributes{"cn"};
    auto answer = co_await search_groups(std::move(filter), std::move(attributes), deadline);
    if (!answer) co_return answer.error();
    group_answer made;
    const auto own = normalised(group.dn);
    for (auto& one : groups_in(answer->entries)) {
        if (normalised(one.dn) == own) {
            made.itself = std::move(one);
            made.itself.dn = group.dn;
        } else {
            made.parents.push_back(std::move(one));
        }
    }
    if (answer->cut_off)
        cut_off = true;
    else
        remember(group.dn, made);
    co_return made;
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
    if (is_limit(answer->code)) {
        constexpr auto most = group_resolution::most_groups;
        answer = co_await connections_.search_in_pages(std::move(request), most, deadline);
        if (!answer) co_return answer.error();
    }
    if (answer->code == LDAP_SUCCESS) co_return std::move(*answer);
    const bool ours = answer->code == LDAP_NO_SUCH_OBJECT ||
                      answer->code == LDAP_INSUFFICIENT_ACCESS || answer->code == LDAP_REFERRAL;
    co_return directory_failure{
        ours ? trouble::misconfigured : trouble::unavailable,
        answer->server + ": groups below " + settings_->group_base + ": " + words_of(*answer)};
}

const group_finder::group_answer* group_finder::recall(const std::string& key) const {
    const auto found = remembered_.find(key);
    const bool fresh = found != remembered_.end() && found->second.until > steady::now();
    return fresh ? &found->second.answer : nullptr;
}

void group_finder::remember(const std::string& key, group_answer answer) {
    if (settings_->group_cache <= std::chrono::milliseconds(0)) return;
    if (remembered_.size() >= most_remembered) remembered_.clear();
    remembered_[key] = {std::move(answer), steady::now() + settings_->group_cache};
}

}  // namespace kommpass::directory
