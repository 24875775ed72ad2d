#pragma once

#include <string_view>

namespace kommpass::policies {
struct gateway_entry;
struct gateway_rule;
}  // namespace kommpass::policies

namespace kommpass::idp::gateway {

struct requested_path;

// The rule that holds for the request; null: what holds for the whole application. The longest path
// wins, and of two with the same one the one that names the method; HEAD counts as GET. A rule that
// opens holds only for a path that stands there letter by letter; one that protects for every
// reading of it. Not to be asked of an ambiguous path. Pure; points into the entry.
[[nodiscard]] const policies::gateway_rule* rule_for(const policies::gateway_entry&,
                                                     const requested_path&,
                                                     std::string_view method);

}  // namespace kommpass::idp::gateway
