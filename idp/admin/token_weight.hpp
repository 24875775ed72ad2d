#pragma once

#include "policies/snapshot.hpp"

#include <string>
#include <vector>

// How large a token becomes by what the rules of one group give, before anybody has it: so that
// whoever writes the rule hears of it, and not whoever is refused by a proxy.
namespace kommpass::idp::admin {

struct heavy_rule {
    std::string mapping;  // its id; several with the same conditions count together, for each
    application_key application;
    std::size_t bytes = 0;  // of the access token of who has this group and nothing else
};

// Mappings by which alone an access token has more than 4 KiB, the largest first. A mapping that
// waits for approval counts as if it held.
[[nodiscard]] std::vector<heavy_rule> heavy_rules(const policies::registry&);
// The same for one draft, among the others of the registry.
[[nodiscard]] std::vector<heavy_rule> weight_of(const policies::registry&,
                                                const policies::mapping& draft);

// What happens with such a token, and what makes it smaller, for an administrator.
[[nodiscard]] std::string advice_on(const policies::registry&, const heavy_rule&, bool in_german);
// Of everything heavy about one draft.
[[nodiscard]] std::vector<std::string> advice_on(const policies::registry&,
                                                 const policies::mapping& draft, bool in_german);

}  // namespace kommpass::idp::admin
