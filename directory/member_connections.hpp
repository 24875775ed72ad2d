#pragma once

#include "directory/connection_pool.hpp"
#include "directory/kept_connections.hpp"
#include "directory/member_counters.hpp"
#include "directory/pace.hpp"
#include "directory/replica_health.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

struct federation;

enum class trouble { unavailable, misconfigured };
struct directory_failure {
    trouble what;
    std::string detail;
};
template <class T>
using outcome = result<T, directory_failure>;

// One member's connections on one I/O thread, and what is asked over them: each question goes to
// another server if the first does not answer, within the asker's deadline. Looks after its
// connections while they are used, and lets them go after ten quiet minutes. One I/O thread only.
class member_connections : public std::enable_shared_from_this<member_connections> {
public:
    member_connections(boost::asio::io_context&, federation&, member_slug,
                       std::shared_ptr<const directory_settings>);
    ~member_connections();

    // What the server says, whatever its result code, but for entries that lie outside of what was
    // asked (`searched_place`). Values beyond a server's range (MaxValRange of Active Directory)
    // are fetched.
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> search(search_request,
                                                                      steady_time deadline);
    // Every page of a search, handed out one by one as long as `on_page` wants more. The answer
    // has no entries, and says by `cut_off` and `cut_off_by` whether a limit of the server or of
    // ours hid the rest. A server that refuses paging is asked once more without, and `unpaged`
    // says so.
    // On a connection of its own, since a server keeps its place with the connection; each page has
    // until `deadline_of_page` from when it is asked for.
    using page_handler = std::function<bool(std::vector<ldap_entry>)>;
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> for_each_page(
        search_request, page_handler on_page, std::chrono::milliseconds deadline_of_page);
    // All pages of a search, as one answer.
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> search_in_pages(
        search_request, std::size_t most_entries, steady_time deadline);
    // Binds as a person; nothing else is ever asked over that connection but further binds. Where
    // that was a grace sign-in and the password can be changed here, the connection is kept for it
    // (`ldap_answer::kept`) and used for nothing else.
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> bind(std::string dn,
                                                                    secret_string password,
                                                                    steady_time deadline);
    // In the way of the member's vendor. Not tried again elsewhere: it may have been done. An
    // answer that says the old password is wrong may be that of the bind. Over the connection that
    // was kept under the name `kept`, as long as it stands; else a bind proves the person. A
    // refusal keeps the connection of a grace sign-in (again).
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> change_password(
        std::string dn, secret_string old_password, secret_string new_password, std::string kept,
        steady_time deadline);
    // What a bind, or a change with a wrong old password, costs but for what the server does: waits
    // for a connection as that does, and keeps it until then. Nothing is sent.
    [[nodiscard]] boost::asio::awaitable<result<void, directory_failure>> rehearse_bind(
        steady_time keeps_until, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<void, directory_failure>> rehearse_change(
        steady_time keeps_until, steady_time deadline);

    // A connection of the caller's own, not pooled, as the service account: for a change feed.
    [[nodiscard]] boost::asio::awaitable<outcome<std::shared_ptr<ldap_connection>>> open_own(
        steady_time deadline);
    void give_back_own(std::shared_ptr<ldap_connection>);

    // Ends every attempt and connection. For when nobody uses it any more.
    void stop();

private:
    [[nodiscard]] std::chrono::milliseconds quiet() const;
    [[nodiscard]] bool may_be_dead(const ldap_connection&) const;
    [[nodiscard]] steady_time found_dead_at(steady_time deadline) const;
    void suspect(const std::shared_ptr<ldap_connection>& quiet_one);
    void forget_the_quiet(const std::shared_ptr<ldap_connection>& dead);
    [[nodiscard]] boost::asio::awaitable<pooled> take_living(std::shared_ptr<connection_pool>,
                                                             steady_time deadline);
    [[nodiscard]] steady_time limit_of_attempt(const ldap_connection&, steady_time deadline) const;
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> search_once_or_elsewhere(
        search_request, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<void, directory_failure>> complete_ranges(
        std::vector<ldap_entry>& entries, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> modify_password(
        std::string dn, secret_string old_password, secret_string new_password, std::string kept,
        steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> modify_bound(
        std::shared_ptr<ldap_connection>, int sign_ins_left, std::string dn,
        secret_string old_password, secret_string new_password, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<std::shared_ptr<ldap_connection>> take_kept(
        const std::string& kept, const std::string& dn, int& sign_ins_left, steady_time deadline);
    [[nodiscard]] bool has_to_be_kept(const ldap_answer&) const;
    [[nodiscard]] std::string keep(ldap_connection&, const std::string& dn, int sign_ins_left);
    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> change_unicode_pwd(
        std::string dn, secret_string old_password, secret_string new_password,
        steady_time deadline);
    [[nodiscard]] bool changes_as_the_service() const;
    void used();
    boost::asio::awaitable<void> look_after();

    boost::asio::io_context& io_;
    member_slug member_;
    pace& pace_;
    randomness& random_;
    kept_connections& kept_;
    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<replica_health> health_;
    std::shared_ptr<connection_pool> searches_;
    std::shared_ptr<connection_pool> pages_;
    std::shared_ptr<connection_pool> binds_;
    std::shared_ptr<connection_pool> own_;
    boost::asio::steady_timer next_look_;
    std::weak_ptr<ldap_connection> suspected_;  // somebody finds out about it
    steady_time last_used_{};
    bool looking_after_ = false;
    bool stopped_ = false;
};

}  // namespace kommpass::directory
