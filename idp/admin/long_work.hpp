#pragma once

#include "config/vocabulary/local_day.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

// Work that reads whole directories, as jobs: they go on after the request that began them, show
// progress, and can be cancelled. job_results.hpp says what they come to.
namespace kommpass::idp::admin {

struct registry_change;
struct campaign_request;  // campaigns.hpp
struct operation_context;
class actor;

using begun = boost::asio::awaitable<answer<std::shared_ptr<job>>>;

// What a draft changes for whom. A draft that the actor may not make, or that is wrong, is refused
// at once.
[[nodiscard]] begun begin_simulation(operation_context, actor, registry_change);
// Who holds what at a member.
[[nodiscard]] begun begin_role_matrix(operation_context, actor, member_slug);
[[nodiscard]] begun begin_campaign(operation_context, actor, campaign_request);

// Step by step through a member's directory, with the remedy for what is wrong.
[[nodiscard]] begun begin_directory_test(operation_context, actor, member_slug);
// What the servers of a member's draft show.
[[nodiscard]] begun begin_certificate_look(operation_context, actor, member_slug);
// The test of a member's draft, as of a directory in force; one that finds nothing wrong is
// remembered, and lets the draft be put in force.
[[nodiscard]] begun begin_set_up_test(operation_context, actor, member_slug);
// A new set of signing keys; the old ones stay published until their last token has expired.
[[nodiscard]] begun begin_key_rotation(operation_context, actor);

// Who had which roles of an application at a member on a day: the rules of the revision that was in
// force at its end, and who signed in to the application on that day according to the audit log.
// Groups and attributes are those of today: directories remember no others. `role` empty: every
// role.
struct past_question {
    member_slug member;
    application_key application;
    role_name role;
    std::optional<kommpass::day> day;
    std::string purpose;
};
[[nodiscard]] begun begin_past_access(operation_context, actor, past_question);

// Whether the audit log is as it was written.
[[nodiscard]] begun begin_audit_verification(operation_context, actor);

}  // namespace kommpass::idp::admin
