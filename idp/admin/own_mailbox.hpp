#pragma once

#include <string>

namespace kommpass {
struct identity;
}
namespace kommpass::policies {
struct member;
}

namespace kommpass::idp::admin {

// Where Kommpass may write to a person, or tell others to: the mailbox that their directory says,
// if its domain is one of the member's; empty otherwise. Whoever runs a directory could have
// anybody written to.
[[nodiscard]] std::string own_mailbox(const identity&, const policies::member&);

}  // namespace kommpass::idp::admin
