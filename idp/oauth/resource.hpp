#pragma once

#include <string>
#include <vector>

namespace kommpass::idp::http {
class form;
}
namespace kommpass::policies {
struct client;
}

// Resource indicators (RFC 8707): what an access token is to be for.
namespace kommpass::idp::oauth {

using resource_list = std::vector<std::string>;  // in the order asked, no doubles

// Every value of `resource`, which may occur several times (2).
[[nodiscard]] resource_list resources_in(const http::form&);
// Whether a parameter other than `resource`, and `audience` of an exchange, occurs more than once
// (RFC 6749, 3.1 and 3.2).
[[nodiscard]] bool repeats_another(const http::form&);

// Whether each is an absolute URI without a fragment, and what `granted` before names; or, where
// nothing was granted, an audience that the client registered. Else `invalid_target`.
[[nodiscard]] bool are_allowed(const resource_list& asked, const resource_list& granted,
                               const policies::client&);

}  // namespace kommpass::idp::oauth
