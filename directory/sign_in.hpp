#pragma once

#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kommpass::directory {

enum class sign_in_error {
    wrong_credentials,  // also: no such person. Never told apart to the outside
    ambiguous_name,    // two entries match; told as wrong_credentials, logged for the administrator
    password_expired,  // told only after the directory accepted the password
    password_must_change,    // likewise
    account_locked,          // never told apart from wrong_credentials to the outside
    account_disabled,        // likewise
    directory_unavailable,   // every replica failed, or the deadline passed
    directory_overloaded,    // the bound on waiting work of this member is reached
    directory_misconfigured  // service account refused, base missing, identity attribute missing
};

struct sign_in_failure {
    sign_in_error error;
    std::string detail;  // for the log: host, LDAP result code and message. Never a password, never
                         // shown to a person
};

enum class look_up_error {
    no_such_person,  // the directory answered, and the person is not there (or not within the base)
                     // any more
    disabled,
    directory_unavailable,
    directory_overloaded,
    directory_misconfigured,
};

struct look_up_failure {
    look_up_error error;
    std::string detail;
};

// The member directories as the service sees them. One object for each I/O thread; its coroutines
// run on that thread only and never block it. Every call ends within the member's deadline. A
// member that is not known to it is a bug of the caller.
class member_directories {
public:
    virtual ~member_directories() = default;

    // Finds the one entry for `user_name` (escaped, size limit 2), binds as it, reads its groups.
    // An empty password is refused before anything is sent. The result of a password check is never
    // cached.
    virtual boost::asio::awaitable<result<identity, sign_in_failure>> sign_in(
        member_slug member, std::string user_name, secret_string password) = 0;

    // Reads one person by the immutable id, groups included. Answers may be as old as the member's
    // `identity_cache`; `fresh` asks the directory in any case.
    enum class freshness { cached, fresh };
    virtual boost::asio::awaitable<result<identity, look_up_failure>> look_up(member_slug member,
                                                                              directory_id id,
                                                                              freshness) = 0;

    // Reads one person by login name, without a password: for `explain` and for administrators.
    virtual boost::asio::awaitable<result<identity, look_up_failure>> look_up_by_name(
        member_slug member, std::string user_name) = 0;
};

}  // namespace kommpass::directory
