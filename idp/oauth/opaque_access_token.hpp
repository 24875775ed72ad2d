#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/store/opaque_tokens.hpp"

#include <string>
#include <string_view>

namespace kommpass {
class randomness;
}

namespace kommpass::idp::oauth {

// An access token whose text says nothing (RFC 6749, 1.4): whoever gets it asks by introspection
// what it is good for. What it says lies in the store under its hash, and it ends as a JWT does: by
// its time, its `jti`, its family.
struct opaque_access_token {
    std::string text;          // 256 bits
    store::opaque_token kept;  // to be stored before the text is given out

    [[nodiscard]] static opaque_access_token make(std::string claims_json, instant expires_at,
                                                  randomness&);
};

// Whether a text has the form of one; no JWT has.
[[nodiscard]] bool is_opaque_access_token(std::string_view text) noexcept;

}  // namespace kommpass::idp::oauth
