#pragma once

#include <string>

namespace kommpass::idp::web {

// What an application wants people to be able to read before they sign in for it (OpenID Connect
// Dynamic Client Registration, 2). Each empty: there is none.
struct client_links {
    std::string policy_uri;
    std::string tos_uri;
    std::string logo_uri;
};

}  // namespace kommpass::idp::web
