#pragma once

#include "config/vocabulary/identity.hpp"
#include "idp/oauth/claims_request.hpp"
#include "idp/oauth/scope.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

// What a client learns of a person: pure functions from identity, roles and registry entry to JSON
// members.
namespace kommpass::idp::oauth {

// Everything that could be released; `add_profile_claims` picks.
struct claim_source {
    const identity& who;
    const policies::member* member;  // may be null: the member left the registry since
};

using claims_by_name = std::map<std::string, requested_claim, std::less<>>;

// Claims that `scope` releases (OpenID Connect Core, 5.4), and those asked for by name (5.5) if the
// client is registered for their scope. Empty ones are left out.
void add_profile_claims(boost::json::object& into, const claim_source&, const policies::client&,
                        const scope_list& scope, const claims_by_name& by_name);

// The roles in the shape and under the name that the application's registry entry asks for, and
// `role_members` for roles that hold elsewhere than in the person's own member (joint offices).
void add_role_claims(boost::json::object& into, const policies::application&,
                     const policies::client&, const std::vector<policies::effective_role>&,
                     const member_slug& own);

// What a scope releases.
[[nodiscard]] std::vector<std::string> claims_of_scope(std::string_view scope);

// Names of every claim that these functions can make, for discovery.
[[nodiscard]] const std::vector<std::string>& supported_claims();

}  // namespace kommpass::idp::oauth
