#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/oauth/scope.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

// The `jti` of an access token begins with the id of its family and this.
inline constexpr char end_of_family = '.';

// A verified access token of ours (signature, type, issuer, lifetime).
struct access_token_claims {
    boost::json::object all;
    std::string jti;
    std::string family;  // empty for client credentials
    std::string client;
    std::string subject;
    scope_list scope;
    instant expires_at{};
    [[nodiscard]] bool is_for(std::string_view audience) const noexcept;
};

// RFC 9068, 4. Nothing for anything else than such a token. Whether it was revoked, `live_tokens`
// knows.
[[nodiscard]] std::optional<access_token_claims> read_access_token(std::string_view jws,
                                                                   const std::string& issuer,
                                                                   const jose::key_ring&,
                                                                   instant now);

// The same for what the store kept of an opaque one.
[[nodiscard]] std::optional<access_token_claims> read_access_token_claims(
    std::string_view claims_json, const std::string& issuer, instant now);

}  // namespace kommpass::idp::oauth
