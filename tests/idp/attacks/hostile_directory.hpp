#pragma once

#include "directory/sign_in.hpp"
#include "tests/idp/attacks/dice.hpp"
#include "tests/support/remembered_directories.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kommpass::tests::attacks {

// What the directory of the hostile member has at hand to answer with: others' names, mails,
// groups, ids.
struct lies {
    std::vector<std::string> names;   // login names, also of other members' people
    std::vector<std::string> mails;   // likewise
    std::vector<std::string> ids;     // immutable ids, also of other members' entries
    std::vector<std::string> groups;  // DNs and plain names
    std::vector<std::string> words;   // for everything else
};

// The directories of all members: a table for the honest ones; what the dice say for the hostile
// one. Everything that reaches the hostile one is written down.
class hostile_directory final : public directory::member_directories {
public:
    hostile_directory(std::string hostile, remembered_directories& honest)
        : hostile_(std::move(hostile)), claimed_(hostile_), honest_(honest) {}

    // Anything at all, from now on; the same question gets the same answer until the next mood.
    void change_mood(std::uint32_t seed) { mood_ = seed; }
    // Somebody whom the directory always lets in, with these groups: the hostile administrators.
    void keep(const std::string& user, std::vector<std::string> groups) {
        kept_[user] = std::move(groups);
    }
    // As if the service took the directory's word for whose entry it is: for the proof that this
    // would be noticed.
    void claim_member(std::string slug) { claimed_ = std::move(slug); }
    lies& lies_at_hand() { return lies_; }
    // Passwords, names and ids that came here, in order.
    [[nodiscard]] const std::vector<std::string>& reached() const { return reached_; }

    boost::asio::awaitable<result<identity, directory::sign_in_failure>> sign_in(
        member_slug, std::string user_name, secret_string password,
        directory::attempt_gate&) override;
    boost::asio::awaitable<result<identity, directory::look_up_failure>> look_up(
        member_slug, directory_id, freshness) override;
    boost::asio::awaitable<result<identity, directory::look_up_failure>> look_up_by_name(
        member_slug, std::string user_name) override;
    boost::asio::awaitable<result<void, directory::password_change_failure>> change_password(
        member_slug, std::string user_name, secret_string old_password, secret_string new_password,
        std::string connection, directory::attempt_gate&) override;
    boost::asio::awaitable<result<void, directory::look_up_failure>> read_persons(
        member_slug, std::function<void(const identity&)> on_person) override;
    boost::asio::awaitable<result<void, directory::look_up_failure>> read_identities(
        member_slug, std::function<bool(const identity&, std::size_t of)> on_person) override;
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
    std::chrono::seconds silent_for(const member_slug& member) const override {
        return honest_.silent_for(member);
    }
    boost::asio::awaitable<result<directory::account_standings, directory::look_up_failure>>
        check_accounts(member_slug, std::vector<directory_id>) override;

    // Somebody, as the dice say. The id is one of the ids at hand.
    [[nodiscard]] identity somebody(dice&) const;

private:
    [[nodiscard]] dice dice_for(const std::string& question) const;
    [[nodiscard]] identity administrator(const std::string& user) const;
    [[nodiscard]] bool is_hostile(const member_slug& member) const {
        return member.view() == hostile_;
    }

    std::string hostile_;
    std::string claimed_;
    remembered_directories& honest_;
    lies lies_;
    std::uint32_t mood_ = 0;
    std::map<std::string, std::vector<std::string>> kept_;
    std::vector<std::string> reached_;
};

}  // namespace kommpass::tests::attacks
