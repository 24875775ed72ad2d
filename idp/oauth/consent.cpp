#include "idp/oauth/consent.hpp"

#include "idp/oauth/authorization_request.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/store/consents.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::oauth {

scope_list claims_to_consent(const authorization_request& request) {
    auto names = named_claims(request.claims, *request.client, request.scope);
    names.emplace_back("roles");
    return names;
}

bool covers(const store::consent& given, const authorization_request& request) {
    return is_subset(request.scope, given.scope) &&
           is_subset(claims_to_consent(request), given.claims);
}

void remember_consent(store::transaction& t, const person_id& person,
                      const authorization_request& request, instant now) {
    store::consent given{person, request.client->id, request.scope, now,
                         claims_to_consent(request)};
    const auto before = t.consents().find(person, given.client);
    const auto add = [](scope_list& to, const scope_list& more) {
        for (const auto& one : more) {
            if (!contains(to, one)) to.push_back(one);
        }
    };
    if (before) add(given.scope, before->scope);
    if (before) add(given.claims, before->claims);
    t.consents().put(given);
}

}  // namespace kommpass::idp::oauth
