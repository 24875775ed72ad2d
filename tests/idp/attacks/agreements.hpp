#pragma once

#include "policies/registry.hpp"
#include "tests/idp/attacks/world.hpp"

#include <string>
#include <vector>

// What an administrator of another member agreed to, or the association approved, is what they saw,
// and nothing else.
namespace kommpass::tests::attacks {

// The document as it is shown to whom it asks: everything but who agreed, asked and approved, and
// of a client ("clients/verfahren/verfahren-web") what its operator changes without asking. Empty:
// there is none.
[[nodiscard]] std::string as_shown(const policies::registry&, const std::string& document);

// Somebody of `member` saw this document as it is, and agreed.
[[nodiscard]] bool was_agreed(const world&, const policies::registry&, const std::string& document,
                              const std::string& member);

// Clients in force that the hostile member operates, as documents.
[[nodiscard]] std::vector<std::string> clients_in_force(const policies::registry&);

// An administrator of an honest member, or of the association, looks at what asks for their
// agreement or approval, or agrees to what they looked at before.
void look_or_agree(world&, honest_person&, dice&);

}  // namespace kommpass::tests::attacks
