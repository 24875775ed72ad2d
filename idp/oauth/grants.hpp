#pragma once

#include "idp/oauth/grant.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::sessions {
class current_identities;
}
namespace kommpass::idp::store {
class outages;
}

namespace kommpass::idp::oauth {

class live_tokens;

struct grant {
    std::string_view name;
    bool confidential_only;
    // Parses the parameters and runs the grant on them. All three live until it is done.
    std::function<grant_result(const grant_caller&, const http::form&)> run;
};

// The one table of the grants that the token endpoint offers. What it is made from outlives it; one
// I/O thread only, that of `identities` and `recorder`.
class grants {
public:
    grants(const clock& time, randomness& random, store::store& memory,
           const live<jose::key_ring>& keys, sessions::current_identities& identities,
           audit::recorder& recorder, live_tokens& tokens, const token_answers& answers,
           const store::outages& outages);
    grants(const grants&) = delete;

    // Null for a grant type that is not offered.
    [[nodiscard]] const grant* named(std::string_view) const noexcept;
    [[nodiscard]] std::span<const grant> all() const noexcept { return rows_; }

private:
    std::vector<grant> rows_;
};

}  // namespace kommpass::idp::oauth
