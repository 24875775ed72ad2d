#pragma once

#include "config/vocabulary/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {

// What an access token says whose text says nothing. Whether it was revoked, the families know: it
// has the `jti` of its claims, as any other.
struct opaque_token {
    std::string hash;         // SHA-256 of its text
    std::string claims_json;  // as the payload of a JWT would be (RFC 9068, 2.2)
    instant expires_at{};
    friend bool operator==(const opaque_token&, const opaque_token&) = default;
};

class opaque_token_store {
public:
    virtual ~opaque_token_store() = default;
    virtual void put(const opaque_token&) = 0;
    // Nothing for one that is expired.
    virtual std::optional<opaque_token> find(std::string_view hash, instant now) = 0;
};

}  // namespace kommpass::idp::store
