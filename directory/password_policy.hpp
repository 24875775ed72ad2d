#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "directory/sign_in.hpp"

#include <ldap.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace kommpass::directory {

struct ldap_answer;

// What a password policy says of a bind or of a change (draft-behera-ldap-password-policy, 6.2).
enum class password_policy_error {
    none,
    expired,
    locked,
    change_after_reset,
    not_allowed,
    must_supply_old,
    quality,
    too_short,
    too_young,
    in_history,
};

struct password_policy_response {
    password_policy_error error = password_policy_error::none;
    std::optional<std::chrono::seconds> expires_in;
    // The password has expired, and so many sign-ins are left besides this one.
    std::optional<int> grace_left;
};

// From the controls of an answer: the draft's, else those of Netscape that 389 DS sends besides
// (2.16.840.1.113730.3.4.4 expired, .5 expiring, with the seconds as text).
[[nodiscard]] password_policy_response policy_in(LDAP*, LDAPControl** received, int result_code);

// The bind, of a person or of a change, was one of the few that are left.
[[nodiscard]] std::optional<grace_sign_in> grace_of(const ldap_answer&);

// What the answer to a person's bind means; nothing: the password is right and may be used.
[[nodiscard]] std::optional<sign_in_failure> judge_bind(directory_vendor, const ldap_answer&);

// What the answer to a password change means; nothing: it is done.
[[nodiscard]] std::optional<password_change_failure> judge_change(directory_vendor,
                                                                  const ldap_answer&);

}  // namespace kommpass::directory
