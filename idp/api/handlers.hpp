#pragma once

#include "idp/admin/jobs.hpp"
#include "idp/api/admin_words.hpp"
#include "idp/api/call.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <memory>

namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::jose {
class key_ring;
}

// One function for each operation of the API; `endpoints()` says which is which.
namespace kommpass::idp::api {

using handled = boost::asio::awaitable<answer<outcome>>;

[[nodiscard]] boost::json::object job_json(const job&, const config::settings&);
// The signing keys and their dates: `{"keys": [{"kid", "algorithm", "state", "signs_since",
// "published_until"}], "rotation_due", "published_after_rotation_hours"}`.
[[nodiscard]] boost::json::object keys_json(const jose::key_ring&, const config::settings&);
[[nodiscard]] outcome revision_outcome(long long revision);
[[nodiscard]] answer<outcome> told(answer<long long> revision);
[[nodiscard]] answer<outcome> told(const call&, const answer<std::shared_ptr<job>>&);

handled show_me(call&);
handled show_overview(call&);
handled list_members(call&);
handled show_member(call&);
handled list_applications(call&);
handled show_application(call&);
handled list_mappings(call&);
handled show_mapping(call&);
handled list_grants(call&);
handled list_agreements(call&);
handled list_constraints(call&);
handled show_person(call&);
handled explain_person(call&);
handled show_campaigns(call&);
handled show_campaign_items(call&);
handled show_revisions(call&);
handled show_revision(call&);
handled show_audit(call&);
handled show_usage(call&);
handled show_job(call&);
handled show_personal_data(call&);

handled put_mapping_document(call&);
handled delete_mapping(call&);
handled simulate_mapping(call&);
handled begin_roles(call&);
handled cancel_job(call&);
handled test_directory(call&);
handled verify_audit_log(call&);
handled put_subscription(call&);
handled delete_subscription(call&);
handled put_constraint_document(call&);
handled delete_constraint(call&);
handled look_up_person(call&);
handled end_person_sessions(call&);
handled post_erasure(call&);
handled post_grant(call&);
handled post_grant_approval(call&);
handled delete_grant(call&);
handled post_role_end(call&);
handled post_mapping_approval(call&);
handled delete_mapping_approval(call&);
handled post_agreement(call&);
handled post_exception(call&);
handled post_exception_approval(call&);
handled delete_exception(call&);
handled post_campaign(call&);
handled post_item_answer(call&);
handled post_rollback(call&);

handled show_dead_letters(call&);
handled post_dead_letter_retry(call&);
handled delete_dead_letter(call&);

handled post_member(call&);
handled put_member(call&);
handled delete_member(call&);
handled post_invitation(call&);
handled show_set_up(call&);
handled put_set_up(call&);
handled delete_set_up(call&);
handled look_at_certificates(call&);
handled test_set_up(call&);
handled post_activation(call&);
handled post_set_up_approval(call&);
handled put_client_document(call&);
handled delete_client(call&);
handled post_client_approval(call&);
handled post_client_secret(call&);
handled post_registration_token(call&);
handled delete_old_secret(call&);
handled show_client_failures(call&);
handled show_client_claims(call&);
handled put_role_document(call&);
handled delete_role(call&);
handled show_keys(call&);
handled post_key_rotation(call&);
handled post_past_access(call&);
handled show_processing(call&);

}  // namespace kommpass::idp::api
