#include "idp/gateway/judgement.hpp"

#include "policies/gateway_entry.hpp"

#include <algorithm>

namespace kommpass::idp::gateway {

policies::access judge(const policies::access_decision& whole, const policies::gateway_rule* rule,
                       std::string_view acr) {
    if (whole.verdict != policies::access::granted || rule == nullptr) return whole.verdict;
    const auto is_held = [&](const role_name& wanted) {
        return std::any_of(whole.roles.begin(), whole.roles.end(),
                           [&](const auto& one) { return one.name == wanted; });
    };
    const auto& roles = rule->roles;
    if (!roles.empty() && std::none_of(roles.begin(), roles.end(), is_held))
        return policies::access::no_role;
    const auto& levels = rule->require_acr;
    if (!levels.empty() && std::find(levels.begin(), levels.end(), acr) == levels.end())
        return policies::access::weak_sign_in;
    return policies::access::granted;
}

}  // namespace kommpass::idp::gateway
