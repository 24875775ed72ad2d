#pragma once

#include "directory/ldap_directories.hpp"
#include "tests/support/slapd.hpp"

#include <boost/asio/co_spawn.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::tests {

// The same people and groups in one of the ways in which directories keep them. A vendor is one
// more row.
struct directory_layout {
    std::string name;
    group_model groups;
    bool member_of;
    bool nests;
};
[[nodiscard]] const std::vector<directory_layout>& every_layout();

// anna.noack (Kennwort: Spreewald-7) is in Meldeamt, which is in Buergerservice, which is in Alle,
// which is in Meldeamt again, where groups nest; mueller has the password of another member's
// mueller; two entries share one mail address; abgelaufen, neu and gesperrt have the passwords that
// their names say.
[[nodiscard]] std::unique_ptr<slapd> make_server(const directory_layout&,
                                                 const std::string& dc = "lebus");
[[nodiscard]] directory_settings settings_for(const directory_layout&, const slapd&,
                                              const std::string& dc = "lebus");

using sign_in_answer = result<identity, directory::sign_in_failure>;
using look_up_answer = result<identity, directory::look_up_failure>;

// The directories of one I/O thread, asked one question at a time.
class asked_directories {
public:
    explicit asked_directories(const std::map<member_slug, directory_settings>& members);
    asked_directories(const std::map<member_slug, directory_settings>& members, directory::pace&);
    sign_in_answer sign_in(const std::string& member, const std::string& user,
                           const std::string& password);
    sign_in_answer sign_in(const std::string& member, const std::string& user,
                           const std::string& password, directory::attempt_gate&);
    // All at once; every one of them has to succeed.
    void sign_in_side_by_side(const std::string& member, const std::string& user,
                              const std::string& password, int times);
    look_up_answer look_up_by_name(const std::string& member, const std::string& user);
    look_up_answer look_up(const std::string& member, const directory_id&);
    result<void, directory::password_change_failure> change_password(
        const std::string& member, const std::string& user, const std::string& old_password,
        const std::string& new_password, const std::string& connection = {});
    result<directory::account_standings, directory::look_up_failure> check_accounts(
        const std::string& member, const std::vector<directory_id>&);
    // Everybody, as far as they came, and how the reading ended.
    struct everybody {
        std::vector<identity> came;
        result<void, directory::look_up_failure> end;
    };
    everybody read_persons(const std::string& member);
    everybody read_identities(const std::string& member);
    // The display names of those who came, as a simulation reads them.
    std::vector<std::string> names_read(const std::string& member);
    directory::member_counters& counters(const std::string& member) {
        return *shared_.statistics.of(member_slug(member));
    }
    // Lets what runs besides questions go on until `done`.
    template <class Condition>
    void run_until(Condition done) {
        io_.restart();
        while (!done()) io_.run_one();
    }
    void run_until_time(std::chrono::steady_clock::time_point then) {
        io_.restart();
        io_.run_until(then);
    }
    void take_members(const std::map<member_slug, directory_settings>& members) {
        directories_.take_members(members);
    }

private:
    directory::open_gate open_;
    template <class Answer>
    Answer wait(boost::asio::awaitable<Answer> question) {
        std::optional<Answer> got;
        boost::asio::co_spawn(io_, std::move(question), [&](std::exception_ptr, Answer came) {
            got.emplace(std::move(came));
        });
        io_.restart();
        while (!got) io_.run_one();
        return std::move(*got);
    }

    system_clock time_;
    directory::real_pace real_pace_;
    system_randomness random_;
    directory::federation shared_;
    boost::asio::io_context io_;
    directory::ldap_directories directories_;
};

}  // namespace kommpass::tests
