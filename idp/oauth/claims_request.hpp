#pragma once

#include "config/vocabulary/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::oauth {

struct requested_claim {
    bool essential = false;
    std::vector<std::string> values;  // from `value` or `values`; empty: any will do
};

// The `claims` request parameter (OpenID Connect Core, 5.5).
struct claims_request {
    std::map<std::string, requested_claim, std::less<>> id_token;
    std::map<std::string, requested_claim, std::less<>> userinfo;

    [[nodiscard]] const requested_claim* in_id_token(std::string_view name) const noexcept;
};

// Bounded to 4 KiB and 64 claims. The error is a description for `invalid_request`.
[[nodiscard]] result<claims_request, std::string> parse_claims_request(std::string_view json);

}  // namespace kommpass::idp::oauth
