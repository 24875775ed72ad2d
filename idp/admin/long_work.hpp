#pragma once

#include "idp/admin/campaigns.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/provider.hpp"

// Work that reads whole directories, as jobs: they go on after the request that began them, show
// progress, and can be cancelled. What they come to is JSON for both faces.
namespace kommpass::idp::admin {

using begun = boost::asio::awaitable<answer<std::shared_ptr<job>>>;

// What a draft changes for whom. A draft that the actor may not make, or that is wrong, is refused
// at once.
[[nodiscard]] begun begin_simulation(provider&, workplace, actor, registry_change);
// Who holds what at a member.
[[nodiscard]] begun begin_role_matrix(provider&, workplace, actor, member_slug);
// Gives `{"id": ...}` of the campaign.
[[nodiscard]] begun begin_campaign(provider&, workplace, actor, campaign_request);

// Step by step through a member's directory, with the remedy for what is wrong. Gives
// `{"member", "failed", "findings"}`.
[[nodiscard]] begun begin_directory_test(provider&, workplace, actor, member_slug);
// Whether the audit log is as it was written. Gives `{"whole", "records", ...}`.
[[nodiscard]] begun begin_audit_verification(provider&, workplace, actor);

}  // namespace kommpass::idp::admin
