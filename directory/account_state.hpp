#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "directory/ldap_entry.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace kommpass::directory {

// Whether the account is one that may be used, whatever the password.
enum class account_standing {
    active,
    disabled,  // by an administrator
    expired,   // its end date has passed
};

// What an entry says of its account. A lock that time undoes is none of its business: somebody may
// only have guessed.
struct account_state {
    account_standing standing = account_standing::active;
    std::optional<instant> password_expires_at;  // nothing: never, or the entry does not tell
};

// OpenLDAP: pwdAccountLockedTime (draft-behera-ldap-password-policy, 5.3.3), pwdEndTime. Active
// Directory: userAccountControl, accountExpires, msDS-UserPasswordExpiryTimeComputed ([MS-ADTS]
// 2.2.16, [MS-ADA1]). 389 DS: nsAccountLock, passwordExpirationTime.
[[nodiscard]] account_state state_of(const ldap_entry&, directory_vendor, instant now);

// How many wrong passwords the server says it still counts against this account; 0 if it does not
// tell. OpenLDAP: pwdFailureTime (draft-behera, 5.3.4). Active Directory: badPwdCount of the server
// that was asked, badPasswordTime. 389 DS: passwordRetryCount, retryCountResetTime.
[[nodiscard]] std::size_t wrong_passwords_counted(const ldap_entry&, directory_vendor, instant now,
                                                  std::chrono::seconds window);

// "20261231235959Z" (RFC 4517, 3.3.13); nothing if it is none.
[[nodiscard]] std::optional<instant> parse_generalized_time(std::string_view);
// 100 ns since 1601; nothing for 0 and 2^63-1, which mean never, and for what is no number.
[[nodiscard]] std::optional<instant> parse_file_time(std::string_view);

}  // namespace kommpass::directory
