#pragma once

#include "directory/sign_in.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::tests {

// Member directories as a table, for tests of what stands above them. The real ones are tested
// against real servers in tests/contract/directory.
class remembered_directories final : public directory::member_directories {
public:
    struct account {
        identity who;
        std::string password;
        bool disabled = false;
        std::optional<directory::sign_in_error> fails_with;
        bool may_change = false;  // where it fails: the password can be changed here
        std::optional<directory::grace_sign_in> grace;  // where it has expired
        // What a change of the password is refused with.
        std::optional<directory::password_change_failure> change_fails_with;
    };

    account& add(const std::string& member, const std::string& user, const std::string& password);
    account& of(const std::string& member, const std::string& user) {
        return accounts_.at({member, user});
    }
    void remove(const std::string& member, const std::string& user) {
        accounts_.erase({member, user});
    }
    void set_reachable(const std::string& member, bool reachable) {
        unreachable_[member] = !reachable;
    }
    // Whoever reads everybody of the member gets so many, and the words of a server's limit.
    void stop_after(const std::string& member, std::size_t persons) {
        stops_after_[member] = persons;
    }
    int look_ups = 0;
    int password_checks = 0;
    // What changes of passwords were to run over, in order.
    std::vector<std::string> connections_seen;
    // Every password that reached a member's directory, old ones of changes included.
    std::map<std::string, std::vector<std::string>> passwords_seen;

    boost::asio::awaitable<result<identity, directory::sign_in_failure>> sign_in(
        member_slug member, std::string user_name, secret_string password,
        directory::attempt_gate&) override;
    boost::asio::awaitable<result<identity, directory::look_up_failure>> look_up(
        member_slug member, directory_id id, freshness) override;
    boost::asio::awaitable<result<identity, directory::look_up_failure>> look_up_by_name(
        member_slug member, std::string user_name) override;
    boost::asio::awaitable<result<void, directory::password_change_failure>> change_password(
        member_slug member, std::string user_name, secret_string old_password,
        secret_string new_password, std::string connection, directory::attempt_gate&) override;
    boost::asio::awaitable<result<void, directory::look_up_failure>> read_identities(
        member_slug member,
        std::function<bool(const identity&, std::size_t of)> on_person) override;
    boost::asio::awaitable<result<void, directory::look_up_failure>> read_persons(
        member_slug member, std::function<void(const identity&)> on_person) override;
    // The table is one for members in force and drafted.
    boost::asio::awaitable<result<identity, directory::look_up_failure>> look_up_drafted(
        member_slug member, std::shared_ptr<const directory_settings>, directory_id id) override {
        return look_up(std::move(member), std::move(id), freshness::fresh);
    }
    boost::asio::awaitable<result<identity, directory::look_up_failure>> find_drafted(
        member_slug member, std::shared_ptr<const directory_settings>,
        std::string user_name) override {
        return look_up_by_name(std::move(member), std::move(user_name));
    }
    boost::asio::awaitable<result<void, directory::look_up_failure>> read_drafted(
        member_slug member, std::shared_ptr<const directory_settings>,
        std::function<bool(const identity&, std::size_t of)> on_person) override {
        return read_identities(std::move(member), std::move(on_person));
    }
    std::chrono::seconds silent_for(const member_slug&) const override { return silent; }
    std::chrono::seconds silent{0};  // as every unreachable member is said to be
    boost::asio::awaitable<result<directory::account_standings, directory::look_up_failure>>
    check_accounts(member_slug member, std::vector<directory_id> ids) override;

private:
    [[nodiscard]] account* find(const member_slug&, const std::string& typed);
    // Zero: the gate lets the attempt through.
    [[nodiscard]] std::chrono::milliseconds ask(directory::attempt_gate&, const account*,
                                                const std::string& typed) const;

    std::map<std::pair<std::string, std::string>, account> accounts_;
    // How a reading ends that handed out so many.
    [[nodiscard]] result<void, directory::look_up_failure> end_of_reading(const std::string& member,
                                                                          std::size_t of) const;

    std::map<std::string, bool> unreachable_;
    std::map<std::string, std::size_t> stops_after_;
};

}  // namespace kommpass::tests
