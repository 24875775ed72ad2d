#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::policies {
class snapshot;
}

namespace kommpass::idp::oauth {

struct id_token_hint {
    client_id client;     // `aud`: registered
    std::string subject;  // `sub`; never empty
    std::string session;  // `sid`; may be empty
};

// An ID token that this issuer gave a registered client; an expired one is a fine hint (OpenID
// Connect Core, 3.1.2.1; RP-Initiated Logout, 2). Nothing for any other JWT of ours: access and
// logout tokens have a type of their own, and a signed userinfo answer, which has none, says
// neither when it was issued nor when it ends.
[[nodiscard]] std::optional<id_token_hint> read_id_token_hint(std::string_view jws,
                                                              const std::string& issuer,
                                                              const policies::snapshot&,
                                                              const jose::key_ring&);

}  // namespace kommpass::idp::oauth
