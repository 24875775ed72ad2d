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
    const policies::member* member;       // may be null: the member left the registry since
    policies::foreign_mail foreign_mail;  // what the client is to learn
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

// Claims that a request names in `userinfo` or `id_token` and that its scope does not release
// already: what a consent has to cover beside the scopes.
[[nodiscard]] std::vector<std::string> named_claims(const claims_request&, const policies::client&,
                                                    const scope_list& scope);

// Whether roles are asked for by name, by ours or by the one that the application gave them.
[[nodiscard]] bool names_roles(const claims_by_name&, const policies::application&);

// What a scope releases.
[[nodiscard]] std::vector<std::string> claims_of_scope(std::string_view scope);

// Names of every claim that these functions can make, for discovery.
[[nodiscard]] const std::vector<std::string>& supported_claims();

}  // namespace kommpass::idp::oauth
