#pragma once

#include "policies/snapshot.hpp"

#include <string>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
class form;
}

namespace kommpass::idp::oauth {

// What a logout request proves. Whom it speaks of, only the hint's signature proves; where it leads
// back to, the registry: an address that is registered for the client that the hint or `client_id`
// names.
struct logout_request {
    std::string session;       // `sid` of a valid hint; empty: no valid hint
    std::string subject;       // its `sub`
    client_id client;          // its `aud`; without a hint, `client_id`. Registered, or empty
    std::string redirect_uri;  // with state added; empty: none was given, or it is not proven
    std::string refused_uri;   // one that is not followed: for the log and the page
    std::string asked_uri;     // as it was sent
    std::string state;
    std::string ui_locales;

    [[nodiscard]] bool has_valid_hint() const noexcept { return !subject.empty(); }
    // The same request without its hint, form-encoded, for the question in between: whoever answers
    // it proves by the session whom to sign out.
    [[nodiscard]] std::string without_hint() const;
};

// A pure function. An expired ID token is a fine hint; a foreign or altered one counts as none.
[[nodiscard]] logout_request parse_logout_request(const http::form&, const policies::snapshot&,
                                                  const jose::key_ring&, const std::string& issuer);

}  // namespace kommpass::idp::oauth
