#pragma once

#include "directory/federation.hpp"
#include "directory/member_client.hpp"
#include "directory/sign_in.hpp"

#include <boost/asio/io_context.hpp>

#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace kommpass::directory {

// The members' directories over LDAP, for one I/O thread. Connects to none before somebody of it
// signs in.
class ldap_directories final : public member_directories {
public:
    ldap_directories(boost::asio::io_context&, federation&);
    ~ldap_directories() override;

    // Takes the members of a new registry: those whose settings are the same keep their
    // connections, the others finish what is under way and start anew, those that are gone end.
    void take_members(const std::map<member_slug, directory_settings>&);
    void stop();

    boost::asio::awaitable<result<identity, sign_in_failure>> sign_in(member_slug,
                                                                      std::string user_name,
                                                                      secret_string password,
                                                                      attempt_gate&) override;
    boost::asio::awaitable<result<identity, look_up_failure>> look_up(member_slug, directory_id,
                                                                      freshness) override;
    boost::asio::awaitable<result<identity, look_up_failure>> look_up_by_name(
        member_slug, std::string user_name) override;

    boost::asio::awaitable<result<void, password_change_failure>> change_password(
        member_slug, std::string user_name, secret_string old_password, secret_string new_password,
        std::string connection, attempt_gate&) override;
    boost::asio::awaitable<result<void, look_up_failure>> read_persons(
        member_slug, std::function<void(const identity&)> on_person) override;
    boost::asio::awaitable<result<void, look_up_failure>> read_identities(
        member_slug, std::function<bool(const identity&, std::size_t of)> on_person) override;
    boost::asio::awaitable<result<identity, look_up_failure>> look_up_drafted(
        member_slug, std::shared_ptr<const directory_settings>, directory_id) override;
    boost::asio::awaitable<result<identity, look_up_failure>> find_drafted(
        member_slug, std::shared_ptr<const directory_settings>, std::string user_name) override;
    boost::asio::awaitable<result<void, look_up_failure>> read_drafted(
        member_slug, std::shared_ptr<const directory_settings>,
        std::function<bool(const identity&, std::size_t of)> on_person) override;
    std::chrono::seconds silent_for(const member_slug&) const override;
    boost::asio::awaitable<result<account_standings, look_up_failure>> check_accounts(
        member_slug, std::vector<directory_id>) override;

private:
    // Identities that were read a moment ago, the oldest forgotten first.
    struct remembered {
        std::string key;
        identity who;
        steady_time until;
    };
    [[nodiscard]] std::shared_ptr<member_client> client_of(const member_slug&);
    // The same if its settings are these; else one for the reading at hand.
    [[nodiscard]] std::shared_ptr<member_client> drafted_client(const member_slug&,
                                                                const directory_settings&);
    [[nodiscard]] const identity* recall(const std::string& key);
    void remember(std::string key, const identity&, std::chrono::milliseconds fresh_for);

    boost::asio::io_context& io_;
    federation& shared_;
    std::map<member_slug, directory_settings> settings_;
    std::unordered_map<member_slug, std::shared_ptr<member_client>>
        clients_;  // made when first needed
    std::list<remembered> recent_;
    std::unordered_map<std::string, std::list<remembered>::iterator> by_key_;
};

}  // namespace kommpass::directory
