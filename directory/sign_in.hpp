#pragma once

#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"

#include "directory/attempt_gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kommpass {
struct directory_settings;
}

namespace kommpass::directory {

enum class sign_in_error {
    wrong_credentials,  // also: no such person. Never told apart to the outside
    ambiguous_name,    // two entries match; told as wrong_credentials, logged for the administrator
    password_expired,  // told only after the directory accepted the password
    password_must_change,    // likewise
    account_locked,          // told apart from wrong_credentials only if `password_was_right`
    account_disabled,        // likewise
    account_expired,         // likewise
    outside_hours,           // likewise: not at this time, or not from this machine
    too_many_attempts,       // refused before the directory's own lock-out would act
    directory_unavailable,   // every replica failed, or the deadline passed
    directory_overloaded,    // the bound on waiting work of this member is reached
    directory_misconfigured  // service account refused, base missing, identity attribute missing
};

// The password has expired, and this sign-in was one of the few that the directory allows for
// changing it (draft-behera-ldap-password-policy, 6.2; pwdGraceAuthNLimit, passwordGraceLimit).
struct grace_sign_in {
    int left = 0;  // besides this one
    // Of the connection that is bound: a change over it costs no other sign-in. It is kept for
    // `kept_connections::lifetime`, in this process. Empty: none is kept.
    std::string connection{};
};

struct sign_in_failure {
    sign_in_error error;
    std::string detail;  // for the log: host, LDAP result code and message. Never a password, never
                         // shown to a person
    bool password_was_right = false;    // proven by the directory: the person may be told the truth
    bool may_change = false;            // the password can be changed through us
    std::chrono::milliseconds wait{0};  // with too_many_attempts
    std::optional<grace_sign_in> grace{};  // with password_expired: the directory let them in
};

enum class look_up_error {
    no_such_person,  // the directory answered, and the person is not there (or not within the base)
                     // any more
    disabled,
    directory_unavailable,
    directory_overloaded,
    directory_misconfigured,
    // Of a reading of everybody alone: it ended before all had come, by a limit of the server or of
    // ours, or since the asker ended it. Who did not come is not gone.
    cut_off,
};

struct look_up_failure {
    look_up_error error;
    std::string detail;  // with `cut_off` by a server: how many came, and its words
};

enum class password_change_error {
    wrong_credentials,  // the old password is wrong, or there is no such person
    too_many_attempts,
    too_short,
    quality,  // too simple, or like the name
    in_history,
    too_young,    // the old one was set too short a time ago
    used_up,      // the old one has expired and is good for no sign-in any more, not even for this
    not_allowed,  // this person may not, or cannot any more
    not_supported,  // by this directory, or by the member's settings
    directory_unavailable,
    directory_overloaded,
    directory_misconfigured,
};

struct password_change_failure {
    password_change_error error;
    std::string detail;          // for the log
    std::string server_message;  // the directory's own words on the new password; may be empty
    std::chrono::milliseconds wait{0};
    std::optional<grace_sign_in> grace{};  // for the next attempt
};

// How accounts of a member stand, asked for many at once.
struct account_standings {
    std::vector<directory_id> gone;  // not there (within the base) any more, disabled or expired
};

// The member directories as the service sees them. One object for each I/O thread; its coroutines
// run on that thread only and never block it. Every call ends within the member's deadline. A
// member that is not known to it is a bug of the caller.
class member_directories {
public:
    virtual ~member_directories() = default;

    // Finds the one entry for `user_name` (escaped, size limited), asks `gate`, binds as it, reads
    // its groups. An empty password is refused before anything is sent. The result of a password
    // check is never cached. A password that is wrong as it was typed is tried once more in its
    // composed form (NFC) where that differs, as far as the directory's lock-out leaves room.
    // `gate` outlives the call.
    virtual boost::asio::awaitable<result<identity, sign_in_failure>> sign_in(
        member_slug member, std::string user_name, secret_string password, attempt_gate& gate) = 0;

    // Reads one person by the immutable id, groups included. Answers may be as old as the member's
    // `identity_cache`; `fresh` asks the directory in any case.
    enum class freshness { cached, fresh };
    virtual boost::asio::awaitable<result<identity, look_up_failure>> look_up(member_slug member,
                                                                              directory_id id,
                                                                              freshness) = 0;

    // Reads one person by login name, without a password: for `explain` and for administrators.
    virtual boost::asio::awaitable<result<identity, look_up_failure>> look_up_by_name(
        member_slug member, std::string user_name) = 0;

    // Sets a new password in place of `old_password`, which the directory checks, as its own rules
    // allow. Both are not empty, else `wrong_credentials` and `quality`. The new one is set in its
    // composed form (NFC): whatever keyboard it is typed on, a sign-in finds it. `gate` as above.
    // `connection`: of the grace sign-in before, on whichever I/O thread that was; empty: none.
    // Where it is gone the directory is asked for another sign-in, or says that there is none.
    virtual boost::asio::awaitable<result<void, password_change_failure>> change_password(
        member_slug member, std::string user_name, secret_string old_password,
        secret_string new_password, std::string connection, attempt_gate& gate) = 0;

    // Hands out every person of the member, without groups, page by page; `on_person` must not
    // suspend. Success: all of them. Half an answer is no answer: it is the error `cut_off`, after
    // those that came were handed out.
    virtual boost::asio::awaitable<result<void, look_up_failure>> read_persons(
        member_slug member, std::function<void(const identity&)> on_person) = 0;

    // Hands out every person of the member who may sign in, with groups, in no particular order;
    // `on_person` must not suspend, gets how many there are in all, and ends the reading by false.
    // Success and `cut_off` as above.
    virtual boost::asio::awaitable<result<void, look_up_failure>> read_identities(
        member_slug member, std::function<bool(const identity&, std::size_t of)> on_person) = 0;

    // The readings of a registry that is not in force here (yet): as `look_up`,
    // `look_up_by_name` and `read_identities`, of the directory that these settings lead to. The
    // member may be unknown so far. Where the settings are those in force, its connections are
    // used.
    virtual boost::asio::awaitable<result<identity, look_up_failure>> look_up_drafted(
        member_slug member, std::shared_ptr<const directory_settings>, directory_id id) = 0;
    virtual boost::asio::awaitable<result<identity, look_up_failure>> find_drafted(
        member_slug member, std::shared_ptr<const directory_settings>, std::string user_name) = 0;
    virtual boost::asio::awaitable<result<void, look_up_failure>> read_drafted(
        member_slug member, std::shared_ptr<const directory_settings>,
        std::function<bool(const identity&, std::size_t of)> on_person) = 0;

    // How long the directory has answered nobody of this process; zero if it answered last time, or
    // was never asked.
    [[nodiscard]] virtual std::chrono::seconds silent_for(const member_slug&) const = 0;

    // Which of these persons may not be here any more. Asks the directory in any case, some hundred
    // ids with one question. A directory that is unreachable says nothing of anybody: an error.
    virtual boost::asio::awaitable<result<account_standings, look_up_failure>> check_accounts(
        member_slug member, std::vector<directory_id> ids) = 0;
};

}  // namespace kommpass::directory
