#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "policies/registry.hpp"

#include <vector>

// Whoever says where a member's directory is and how it is read says who its people are: they could
// sign in as each of them. So it takes two people to change that of a member in force, one of them
// the association's (`directory_approval`), through whatever door: set-up, API, roll-back.
namespace kommpass::idp::admin {

// Whether sign-ins, look-ups or groups are answered by something else afterwards: servers and whom
// they are trusted by, the account that asks, bases, filters, attributes, groups. Not: passwords,
// times, numbers of connections, how leavers are watched.
[[nodiscard]] bool repoints(const directory_settings& was, const directory_settings& is);

// Whether what only the association's operators may say is left alone: files and variables of the
// service's machine (they may be dropped), and that passwords may travel in plain text.
[[nodiscard]] bool same_on_the_machine(const directory_settings& was, const directory_settings& is);

// A password, or a proof of identity, would go to a server that it was not entrusted to.
[[nodiscard]] bool leads_secret_elsewhere(const directory_settings& was,
                                          const directory_settings& is);

// Members in force before, and there afterwards, whose directories differ so.
[[nodiscard]] std::vector<member_slug> repointed_members(const policies::registry& before,
                                                         const policies::registry& after);

}  // namespace kommpass::idp::admin
