#pragma once

#include "config/vocabulary/identity.hpp"
#include "directory/group_resolution.hpp"
#include "directory/member_connections.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kommpass::directory {

struct found_memberships {
    std::vector<group_membership> groups;  // sorted by DN
    bool cut_off = false;                  // a limit hid some of them
};

// Finds the groups of a person, nested ones included, in whatever way the member's directory keeps
// them; remembers for `group_cache` what groups are called and which group lies in which, never who
// is in one. One I/O thread only; outlived by the connections.
class group_finder {
public:
    group_finder(boost::asio::io_context&, member_connections&,
                 std::shared_ptr<const directory_settings>);

    [[nodiscard]] boost::asio::awaitable<outcome<found_memberships>> groups_of(
        const ldap_entry& person, steady_time deadline);

private:
    // What the directory says of one group.
    struct group_answer {
        found_group itself;  // without a DN: nothing but the names that are known already
        std::vector<found_group> parents;
    };
    struct remembered_answer {
        group_answer answer;
        steady_time until;
    };
    struct level_work;

    [[nodiscard]] boost::asio::awaitable<outcome<found_memberships>> by_levels(
        const ldap_entry& person, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<found_memberships>> with_names(
        std::vector<found_group> direct, bool cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<found_memberships>> stepwise(
        const ldap_entry& person, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<found_memberships>> in_chain(
        const ldap_entry& person, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<found_group>>> direct_groups(
        const ldap_entry& person, bool& cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<void, directory_failure>> add_parents_of_level(
        group_resolution&, std::vector<found_group> level, bool& cut_off, steady_time deadline);
    boost::asio::awaitable<void> work_on(std::shared_ptr<level_work>);
    [[nodiscard]] boost::asio::awaitable<outcome<group_answer>> ask_about(const found_group&,
                                                                          bool& cut_off,
                                                                          steady_time deadline);
    // Active Directory's: the person's own and the primary group, which is in no memberOf.
    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<found_group>>> own_and_primary(
        const ldap_entry& person, steady_time deadline);
    // What groups are called and, by memberOf, lie in: by DN as `level` has it. Those that are not
    // remembered are asked for in bunches.
    [[nodiscard]] boost::asio::awaitable<outcome<std::map<std::string, group_answer>>> read_level(
        const std::vector<found_group>& level, bool& cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<std::string>> primary_group_dn(
        const ldap_entry& person, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> search_groups(
        std::string filter, std::vector<std::string> attributes, steady_time deadline);
    [[nodiscard]] const group_answer* recall(const std::string& key) const;
    void remember(const std::string& key, group_answer);

    boost::asio::io_context& io_;
    member_connections& connections_;
    std::shared_ptr<const directory_settings> settings_;
    std::unordered_map<std::string, remembered_answer> remembered_;  // by what was asked
};

}  // namespace kommpass::directory
