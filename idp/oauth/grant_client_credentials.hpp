#pragma once

#include "idp/oauth/grant.hpp"
#include "idp/oauth/resource.hpp"
#include "policies/grant_types.hpp"

#include <string_view>

namespace kommpass::idp::http {
class form;
}

namespace kommpass {
class clock;
}
namespace kommpass::idp::audit {
class recorder;
}

namespace kommpass::idp::oauth {

struct client_credentials_request {
    scope_list scope;         // as asked; empty: none
    resource_list resources;  // as asked; empty: as registered
};

// RFC 6749, 4.4: a confidential client acts for itself.
class client_credentials_grant {
public:
    static constexpr std::string_view name = policies::grant_types::client_credentials;
    static constexpr bool confidential_only = true;
    [[nodiscard]] static protocol_result<client_credentials_request> parse(const http::form&);

    client_credentials_grant(const clock& time, audit::recorder& recorder,
                             const token_answers& answers)
        : time_(time), recorder_(recorder), answers_(answers) {}

    [[nodiscard]] grant_result run(const grant_caller&, const client_credentials_request&);

private:
    const clock& time_;
    audit::recorder& recorder_;
    const token_answers& answers_;
};

}  // namespace kommpass::idp::oauth
