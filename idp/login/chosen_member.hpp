#pragma once

#include "idp/login/sign_in_state.hpp"
#include "policies/snapshot.hpp"

#include <string>
#include <string_view>

// The line between members: a password goes to the directory of the member that the page named
// while it was typed, and a page names one only for what the person said or did themself
// (docs/decisions/0023). Pure.
namespace kommpass::idp::login {

// The active member whose domain the name has; null: it has none, or nobody's.
[[nodiscard]] const policies::member* member_of_name(const policies::snapshot&,
                                                     std::string_view user_name);

// Whose directory may be asked about this name with the password that was typed on this page. Null:
// nobody's. Either the name means a member that the page did not name, or the page named one for
// the domain of another name than this: then it is shown anew before anything is sent.
[[nodiscard]] const policies::member* addressee(const policies::snapshot&, const sign_in_state&,
                                                std::string_view user_name);

// The member that a page was made for because the person chose it, whatever the name says; null:
// none.
[[nodiscard]] const policies::member* chosen_member(const policies::snapshot&,
                                                    const sign_in_state&);

// What of a link's `login_hint` (OpenID Connect Core, 3.1.2.1) is filled in as the name: one that a
// person reads at one glance, of at most 128 bytes, with at most one domain. Empty for anything
// else: a hint is never an error.
[[nodiscard]] std::string name_of_hint(std::string_view login_hint);

}  // namespace kommpass::idp::login
