#pragma once

#include "tests/idp/attacks/world.hpp"

#include <string>

// What an administrator of another member agreed to is what they saw, and nothing else.
namespace kommpass::tests::attacks {

// The document as it is shown to whom it asks for agreement: everything but who agreed, asked and
// approved. Empty: there is none.
[[nodiscard]] std::string as_shown(const policies::registry&, const std::string& document);

// Somebody of `member` saw this document as it is, and agreed.
[[nodiscard]] bool was_agreed(const world&, const policies::registry&, const std::string& document,
                              const std::string& member);

// An administrator of an honest member looks at what asks for their agreement, or agrees to what
// they looked at before.
void look_or_agree(world&, honest_person&, dice&);

}  // namespace kommpass::tests::attacks
