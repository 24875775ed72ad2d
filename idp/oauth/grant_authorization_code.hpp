#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/oauth/grant.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/store/codes.hpp"
#include "policies/grant_types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
class form;
}

namespace kommpass {
class randomness;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
struct issued_code;
}

namespace kommpass::idp::oauth {

struct authorization_code_request {
    std::string code_hash;  // SHA-256 of the code
    std::optional<std::string> redirect_uri;
    std::optional<secret_string> code_verifier;
    resource_list resources;  // empty: all that the code is for
};

// RFC 6749, 4.1.3, with PKCE (RFC 7636, 4.6) and OpenID Connect Core, 3.1.3.
class authorization_code_grant {
public:
    static constexpr std::string_view name = policies::grant_types::authorization_code;
    static constexpr bool confidential_only = false;
    [[nodiscard]] static protocol_result<authorization_code_request> parse(const http::form&);

    authorization_code_grant(const clock& time, randomness& random, store::store& memory,
                             const live<jose::key_ring>& keys, audit::recorder& recorder,
                             const token_answers& answers)
        : time_(time),
          random_(random),
          memory_(memory),
          keys_(keys),
          recorder_(recorder),
          answers_(answers) {}

    [[nodiscard]] grant_result run(const grant_caller&, const authorization_code_request&);
    // The same for another grant that a code stands behind: `grant` is its name in records.
    [[nodiscard]] grant_result give_for_code(const grant_caller&, const authorization_code_request&,
                                             std::string_view grant);

private:
    [[nodiscard]] protocol_result<token_answer> answer_for(const grant_caller&,
                                                           const store::issued_code&,
                                                           const resource_list&,
                                                           std::string refresh_token,
                                                           instant now) const;

    const clock& time_;
    randomness& random_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
    audit::recorder& recorder_;
    const token_answers& answers_;
};

}  // namespace kommpass::idp::oauth
