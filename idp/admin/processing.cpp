#include "idp/admin/processing.hpp"

#include "config/settings.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/audit/retention.hpp"
#include "idp/oauth/claims.hpp"

#include <boost/json/array.hpp>

namespace kommpass::idp::admin {
namespace {

using boost::json::array;
using boost::json::object;

array claims_of(const policies::application& owner, const policies::client& client) {
    array claims{"sub", "auth_time", "acr", "amr"};
    for (const auto& scope : client.scopes) {
        for (const auto& name : oauth::claims_of_scope(scope)) claims.emplace_back(name);
    }
    claims.emplace_back(owner.claim.name);
    return claims;
}

object recipient(const policies::application& owner, const policies::client& client) {
    object made;
    made["client"] = client.id.view();
    made["purpose"] = client.purpose;
    made["claims"] = claims_of(owner, client);
    made["subject"] = client.subject == policies::subject_type::pairwise ? "pairwise" : "public";
    made["asks_consent"] = client.consent;
    return made;
}

}  // namespace

answer<object> processing_overview(const operation_context& at, const actor& who) {
    if (!who.may_anywhere(operation::see_revisions)) return no_such_thing();
    const auto seen = list_applications(at, who);
    if (!seen) return seen.error();
    array applications;
    for (const auto* one : seen->documents) {
        const auto& owner = *one;
        object made;
        made["application"] = owner.key.view();
        made["name"] = owner.name.de;
        made["description"] = owner.description.de;
        made["operated_by"] = owner.operated_by.view();
        array recipients;
        for (const auto& client : owner.clients) {
            if (client.state == policies::grant_state::active)
                recipients.push_back(recipient(owner, client));
        }
        made["recipients"] = std::move(recipients);
        array members;
        for (const auto& booked : seen->registry->documents().subscriptions) {
            if (booked.application == owner.key && who.may(operation::see_member, booked.member))
                members.emplace_back(booked.member.view());
        }
        made["members"] = std::move(members);
        applications.push_back(std::move(made));
    }
    object retention;
    for (const auto& category : audit::retention_categories()) {
        const auto period = at.settings.retention.*category.period;
        retention[category.name] = std::chrono::duration_cast<std::chrono::days>(period).count();
    }
    object made;
    made["applications"] = std::move(applications);
    made["retention_days"] = std::move(retention);
    return made;
}

}  // namespace kommpass::idp::admin
