#include "idp/oauth/step_up.hpp"

#include "idp/oauth/authorization_request.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/store/authorizations.hpp"
#include "policies/registry.hpp"

#include <algorithm>
#include <vector>

namespace kommpass::idp::oauth {
namespace {

// The claim, where it names values: it says more than `acr_values`.
const requested_claim* asked_in_claims(const authorization_request& request) {
    const auto* acr = request.claims.in_id_token("acr");
    return acr == nullptr || acr->values.empty() ? nullptr : acr;
}

}  // namespace

bool asks_essential_level(const authorization_request& request) {
    const auto* asked = asked_in_claims(request);
    return asked != nullptr && asked->essential;
}

level_standing level_of(const authorization_request& request, std::string_view acr) {
    const auto* asked = asked_in_claims(request);
    const auto& wanted = asked != nullptr ? asked->values : request.acr_values;
    if (std::none_of(wanted.begin(), wanted.end(), sessions::is_reachable))
        return asks_essential_level(request) ? level_standing::unreachable
                                             : level_standing::reached;
    const bool has = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
        return sessions::reaches(acr, one);
    });
    return has ? level_standing::reached : level_standing::stronger;
}

std::optional<insufficient_sign_in> insufficiency_of(const policies::application& application,
                                                     const store::authorization& given,
                                                     instant now) {
    const auto& levels = application.require_acr;
    const auto longest = application.longest_sign_in_age;
    const bool weak =
        !levels.empty() && std::find(levels.begin(), levels.end(), given.acr) == levels.end();
    const bool old = longest && now - given.authenticated_at > *longest;
    if (!weak && !old) return std::nullopt;
    insufficient_sign_in needed;
    for (const auto& one : levels) {
        if (weak) needed.acr_values.append(needed.acr_values.empty() ? "" : " ").append(one);
    }
    if (old) needed.max_age = longest;
    return needed;
}

}  // namespace kommpass::idp::oauth
