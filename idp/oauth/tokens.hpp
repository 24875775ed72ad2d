#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/opaque_tokens.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

// What tokens for one person and one client are made from. Refers to values of the caller.
struct token_subject {
    const store::authorization& given;
    const identity& who;
    const policies::access_decision& decision;
    const policies::client& client;
    const policies::application& application;
    const policies::member* member;  // may be null
    scope_list scope;                // of this answer; at most what was granted
    const key_confirmation& key;     // what the access token is bound to
};

// What an exchange (RFC 8693) makes other than a grant of the person's own.
struct exchange {
    const policies::client& actor;       // who asks, and acts for the person
    std::vector<std::string> audiences;  // of the target
    instant expires_at;                  // never after the token that was exchanged
    std::optional<boost::json::object>
        acted_before;  // its `act`, which stands in the new one (4.1)
};

class token_maker {
public:
    token_maker(const std::string& issuer, const jose::key_ring& keys, randomness& random,
                instant now)
        : issuer_(issuer), keys_(keys), random_(random), now_(now) {}

    // RFC 9068, with the roles. Its `jti` begins with the family's id, so that it ends with the
    // family.
    [[nodiscard]] std::string access_token(const token_subject&);
    // The same for who acts for the person at the client of `token_subject`.
    [[nodiscard]] std::string access_token(const token_subject&, const exchange&);
    // RFC 9068 for the client itself (client credentials): `sub` is the client, no roles.
    [[nodiscard]] std::string access_token(const policies::client&, const policies::application&,
                                           const scope_list& scope,
                                           const std::vector<std::string>& resources,
                                           const key_confirmation&);
    // OpenID Connect Core, 2. `nonce` empty: none was sent.
    [[nodiscard]] std::string id_token(const token_subject&, std::string_view nonce,
                                       std::string_view access_token);
    // What has to be stored before the access token that was made last is given out; nothing for a
    // JWT.
    [[nodiscard]] std::optional<store::opaque_token> to_keep() { return std::move(kept_); }

private:
    [[nodiscard]] boost::json::object claims_for(const token_subject&);
    [[nodiscard]] std::string finished(const token_subject&, boost::json::object claims,
                                       std::chrono::seconds lifetime);
    // In the form that the client registered.
    [[nodiscard]] std::string finished(const policies::client&, const std::string& claims,
                                       std::chrono::seconds lifetime);

    std::optional<store::opaque_token> kept_;
    const std::string& issuer_;
    const jose::key_ring& keys_;
    randomness& random_;
    instant now_;
};

// The audience of the client's access tokens (RFC 9068, 3): what it registered. Where it registered
// nothing the token serves at our own endpoints alone, and says so: the client id is never an
// audience by habit.
[[nodiscard]] std::vector<std::string> audiences_of(const policies::client&,
                                                    const std::string& issuer);
// The same where `resources` were asked for (RFC 8707, 2): exactly those.
[[nodiscard]] std::vector<std::string> audiences_of(const policies::client&,
                                                    const std::string& issuer,
                                                    const std::vector<std::string>& resources);

}  // namespace kommpass::idp::oauth
