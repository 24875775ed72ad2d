#pragma once

#include "directory/federation.hpp"
#include "directory/group_finder.hpp"
#include "directory/login_name.hpp"
#include "directory/member_connections.hpp"
#include "directory/sign_in.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

// One member's directory on one I/O thread: its connections, its bound on waiting work, its short
// memory of groups. A member that hangs costs only its own people, and those no longer than its
// deadline.
class member_client : public std::enable_shared_from_this<member_client> {
public:
    member_client(boost::asio::io_context&, member_slug, directory_settings, federation&);
    // The last piece of work that was under way has ended, since each holds its client.
    ~member_client();
    member_client(const member_client&) = delete;

    [[nodiscard]] boost::asio::awaitable<result<identity, sign_in_failure>> sign_in(
        std::string user_name, secret_string password, attempt_gate&);
    [[nodiscard]] boost::asio::awaitable<result<identity, look_up_failure>> look_up(directory_id);
    [[nodiscard]] boost::asio::awaitable<result<identity, look_up_failure>> look_up_by_name(
        std::string user_name);
    [[nodiscard]] boost::asio::awaitable<result<void, password_change_failure>> change_password(
        std::string user_name, secret_string old_password, secret_string new_password,
        std::string connection, attempt_gate&);
    [[nodiscard]] boost::asio::awaitable<result<account_standings, look_up_failure>> check_accounts(
        std::vector<directory_id> ids);

    [[nodiscard]] boost::asio::awaitable<result<void, look_up_failure>> read_persons(
        std::function<void(const identity&)> on_person);
    [[nodiscard]] boost::asio::awaitable<result<void, look_up_failure>> read_identities(
        std::function<bool(const identity&, std::size_t of)> on_person);

    // As the registry has them; what they leave open is filled in elsewhere.
    [[nodiscard]] const directory_settings& settings() const noexcept { return as_registered_; }
    [[nodiscard]] member_connections& connections() noexcept { return *connections_; }
    [[nodiscard]] const directory_settings& effective_settings() const noexcept {
        return *settings_;
    }

private:
    struct reading;
    struct found_person {
        std::vector<ldap_entry> entries;  // none, one, or several: the name is ambiguous
        std::string account;              // what wrong passwords are counted under
        std::size_t wrong_passwords = 0;  // as the directory counts them
    };

    [[nodiscard]] boost::asio::awaitable<outcome<ldap_answer>> find_persons(std::string filter,
                                                                            int size_limit,
                                                                            steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<found_person>> find_by_name(const login_name&,
                                                                             steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<outcome<identity>> complete(ldap_entry person,
                                                                     steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<identity, sign_in_failure>> checked_sign_in(
        const login_name&, secret_string password, attempt_gate&, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<identity, sign_in_failure>> try_password(
        found_person&, secret_string password, lockout_guard::browser, steady_time began,
        steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<void, password_change_failure>> checked_change(
        const login_name&, secret_string old_password, secret_string new_password,
        std::string connection, attempt_gate&, steady_time deadline);
    [[nodiscard]] boost::asio::awaitable<result<void, password_change_failure>> try_change(
        const found_person&, secret_string old_password, secret_string new_password,
        std::string connection, lockout_guard::browser, steady_time began, steady_time deadline);
    boost::asio::awaitable<void> complete_persons(std::shared_ptr<reading>);
    // Every entry of the member's persons; `cut_off` after those that came.
    [[nodiscard]] boost::asio::awaitable<result<void, look_up_failure>> read_entries(
        std::function<void(ldap_entry&)> on_entry);
    [[nodiscard]] bool is_full();
    [[nodiscard]] std::string guarded(const std::string& account) const;
    // Waits, within the deadline, while attempts are under way with which this one could pass the
    // bound. `now`: it may go to the directory.
    [[nodiscard]] boost::asio::awaitable<lockout_guard::verdict> take_turn(const found_person&,
                                                                           lockout_guard::browser,
                                                                           steady_time deadline);
    // A refusal that the directory was never asked for: none or more than one entry has the name.
    // Costs what asking costs, and fails as asking would.
    enum class question { sign_in, change };
    [[nodiscard]] boost::asio::awaitable<outcome<void>> refuse_unasked(question, steady_time began,
                                                                       steady_time deadline);
    // Waits until what began then has taken what a refusal takes.
    [[nodiscard]] boost::asio::awaitable<void> keep_pace(const refusal_times&, steady_time began,
                                                         steady_time deadline);
    [[nodiscard]] steady_time deadline_from_now() const;
    void note(bool was_answered);
    [[nodiscard]] look_up_failure told(const directory_failure&);

    boost::asio::io_context& io_;
    member_slug slug_;
    directory_settings as_registered_;
    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<member_counters> counters_;
    lockout_guard& lockouts_;
    const clock& time_;
    pace& pace_;
    randomness& random_;
    std::shared_ptr<member_connections> connections_;
    group_finder groups_;
    std::vector<std::string> person_attributes_;
    std::size_t under_way_ = 0;
};

}  // namespace kommpass::directory
