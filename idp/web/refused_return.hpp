#pragma once

#include <string>

namespace kommpass::idp::web {

// Where an application wants people led after they sign out, and nobody is led. Said on the page,
// never silently dropped (RP-Initiated Logout, 3).
struct refused_return {
    std::string uri;  // escaped, and cut, for whoever looks after the application; empty: none
    // No `id_token_hint` of ours, nor a `client_id`, says whose address it is; else it is one that
    // is not registered for that client.
    bool unproven = false;
};

}  // namespace kommpass::idp::web
