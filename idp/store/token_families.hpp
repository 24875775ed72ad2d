#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/store/authorizations.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

struct token_family {
    authorization given;
    std::string current_hash;  // of the refresh token that is valid now; empty: the family has none
    std::string previous_hash;  // of the one before
    instant rotated_at{};
    instant issued_at{};
    instant expires_at{};
    bool revoked = false;
    // What its refresh tokens are derived from: random, one for the family. Empty: it has none, or
    // the one it has is from before tokens were derived.
    std::string seed{};
    long long generation = 0;         // the number of the current token; the first is 0
    std::vector<instant> replaced{};  // when the tokens before the current one were; latest last
    friend bool operator==(const token_family&, const token_family&) = default;
};

// One refresh token takes the place of another.
struct rotation {
    std::string expected_current;  // hash of the one that is replaced
    std::string next;              // hash of the new one
    std::string seed;
    long long generation = 0;
    std::vector<instant> replaced;
    std::string identity_json;
    instant at{};
};

class token_family_store {
public:
    virtual ~token_family_store() = default;
    virtual void put(const token_family&) = 0;
    virtual std::optional<token_family> find(std::string_view family) = 0;
    // Moves current to previous. False, and no change, if `expected_current` is not the current
    // hash, or the family is revoked: another request was quicker.
    virtual bool rotate(std::string_view family, const rotation&) = 0;
    virtual void revoke(std::string_view family) = 0;
    // Spares families with the scope offline_access: those lose only their tie to the session.
    virtual void revoke_of_session(std::string_view session) = 0;
    virtual void revoke_of_person(const person_id&) = 0;
    virtual std::vector<token_family> of_person(const person_id&) = 0;
    // A single access token, by its jti, until it would have expired.
    virtual void revoke_access_token(std::string_view jti, instant expires_at) = 0;
    virtual bool access_token_revoked(std::string_view jti) = 0;
};

}  // namespace kommpass::idp::store
