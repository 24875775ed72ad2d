#pragma once

#include "directory/connection_pool.hpp"
#include "directory/group_resolution.hpp"
#include "directory/sign_in.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace kommpass::directory {

// Counts since the start, readable from every thread.
struct member_counters {
    std::atomic<std::uint64_t> sign_ins{0};
    std::atomic<std::uint64_t> look_ups{0};
    std::atomic<std::uint64_t> unavailable{0};
    std::atomic<std::uint64_t> overloaded{0};
    std::atomic<std::int64_t> in_flight{0};
};

// One member's directory on one I/O thread: its connections, its bound on waiting work, its short
// memory of groups. A member that hangs costs only its own people, and those no longer than its
// deadline.
class member_client : public std::enable_shared_from_this<member_client> {
public:
    member_client(boost::asio::io_context&, connect_workers&, member_slug, directory_settings,
                  std::shared_ptr<member_counters>);
    // The last piece of work that was under way has ended, since each holds its client.
    ~member_client();
    member_client(const member_client&) = delete;

    [[nodiscard]] boost::asio::awaitable<result<identity, sign_in_failure>> sign_in(
        std::string user_name, secret_string password);
    [[nodiscard]] boost::asio::awaitable<result<identity, look_up_failure>> look_up(directory_id);
    [[nodiscard]] boost::asio::awaitable<result<identity, look_up_failure>> look_up_by_name(
        std::string user_name);

    [[nodiscard]] const directory_settings& settings() const noexcept { return *settings_; }

private:
    enum class trouble { unavailable, misconfigured };
    struct failure {
        trouble what;
        std::string detail;
    };
    template <class T>
    using outcome = result<T, failure>;
    struct remembered_parents {
        std::vector<found_group> groups;
        steady_time until;
    };

    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<ldap_entry>>> find_persons(
        std::string filter, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> search(search_request,
                                                                      steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<found_group>>> find_groups(
        std::string filter, bool& cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<found_group>>> find_groups_in_pages(
        search_request, bool& cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<std::vector<found_group>>> parents_of(
        const found_group&, bool& cut_off, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<identity>> complete(ldap_entry person,
                                                                     steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> bind(std::string dn,
                                                                    secret_string password,
                                                                    steady_time deadline);
    [[nodiscard]] std::vector<found_group> direct_from_member_of(const ldap_entry&) const;
    [[nodiscard]] std::string direct_group_filter(const ldap_entry&) const;
    [[nodiscard]] static failure group_trouble(const std::string& base, int code);
    [[nodiscard]] std::string impossible_dn();
    [[nodiscard]] steady_time deadline_from_now() const;
    [[nodiscard]] look_up_failure told(const failure&);

    boost::asio::io_context& io_;
    member_slug slug_;
    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<member_counters> counters_;
    std::shared_ptr<connection_pool> searches_;
    std::shared_ptr<connection_pool> pages_;  // OpenLDAP keeps one page cookie for each connection
    std::shared_ptr<connection_pool> binds_;
    std::vector<std::string> person_attributes_;
    std::unordered_map<std::string, remembered_parents> parents_;  // by the group's DN
    std::size_t under_way_ = 0;
};

}  // namespace kommpass::directory
