#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <string>
#include <vector>

namespace kommpass::idp::store {

// What an authorization gave a client: carried by its code, then by its refresh-token family.
struct authorization {
    std::string family;  // id of the family that the code's tokens belong to; in the `jti` of its
                         // access tokens
    client_id client;
    person_id person;
    member_slug member;
    directory_id directory;
    std::string session;  // public session id; empty after a sign-out that kept offline access
    std::vector<std::string> scope;
    std::string claims_json;  // the request's `claims` parameter, as validated; may be empty
    std::string identity_json;
    instant authenticated_at{};
    std::vector<std::string> amr;
    std::string acr;
    // What its access tokens are for (RFC 8707); empty: what the client registered.
    std::vector<std::string> resources{};
    // The key without which a code is not redeemed, or its family not refreshed, as
    // `oauth::key_confirmation` writes it; empty: none.
    std::string bound_to{};
    // What was granted beside the scope (RFC 9396), a JSON array; empty: nothing.
    std::string details_json{};
    friend bool operator==(const authorization&, const authorization&) = default;
};

}  // namespace kommpass::idp::store
