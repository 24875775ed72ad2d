#pragma once

#include "policies/snapshot.hpp"

namespace kommpass::policies {
struct gateway_rule;
}

namespace kommpass::idp::gateway {

// What a rule adds to the decision about the whole application; null: nothing. Pure.
[[nodiscard]] policies::access judge(const policies::access_decision&,
                                     const policies::gateway_rule*, std::string_view acr);

}  // namespace kommpass::idp::gateway
