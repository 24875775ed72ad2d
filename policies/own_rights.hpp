#pragma once

#include "policies/registry.hpp"

#include <string>
#include <string_view>
#include <vector>

// Rights in Kommpass itself: the roles of the application `fed`. They reach as far as the person's
// own member, and only the association's own people have any over all members: whoever runs a
// directory, or may write in one, gains nothing beyond it. So no rule carries them to another
// member, and a mapping gives them only by a group that the member named as a place of its own.
namespace kommpass::policies {

inline constexpr std::string_view own_application = "fed";

// "fed.helpdesk": a role of Kommpass's own application.
[[nodiscard]] bool is_own_right(const role_name&) noexcept;
// The role is one, or includes one.
[[nodiscard]] bool gives_own_right(const registry&, const role_name&);

// A mapping of one member's people whose group is a distinguished name inside that member's
// `group_base`. Any other gives no rights in Kommpass: a bare name may be another group's, and an
// attribute people may write themselves.
[[nodiscard]] bool may_give_own_rights(const registry&, const mapping&);

// Sentences that say what is wrong and what to do; nothing for a rule that gives no such right.
[[nodiscard]] std::vector<std::string> wrong_with_own_rights(const registry&, const mapping&);
[[nodiscard]] std::vector<std::string> wrong_with_own_rights(const registry&, const grant&);

}  // namespace kommpass::policies
