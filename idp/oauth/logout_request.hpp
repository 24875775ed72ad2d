#pragma once

#include "idp/http/form.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/snapshot.hpp"

#include <string>

namespace kommpass::idp::oauth {

// What a logout request proves. Nothing in it is trusted that the hint's signature does not cover.
struct logout_request {
    std::string session;       // `sid` of a valid hint; empty: no valid hint
    std::string subject;       // its `sub`
    client_id client;          // its `aud`, if registered
    std::string redirect_uri;  // with state added; empty: none was given, or it is not proven
    std::string refused_uri;   // a URI that is not registered: for the log
    std::string ui_locales;

    [[nodiscard]] bool has_valid_hint() const noexcept { return !subject.empty(); }
};

// A pure function. An expired ID token is a fine hint; a foreign or altered one counts as none.
[[nodiscard]] logout_request parse_logout_request(const http::form&, const policies::snapshot&,
                                                  const jose::key_ring&);

}  // namespace kommpass::idp::oauth
