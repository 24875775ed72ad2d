#pragma once

#include "idp/console/admin_words.hpp"
#include "idp/console/console_request.hpp"

namespace kommpass::directory::diagnosis {
class report;
}

// Every page of the console and every form of it.
namespace kommpass::idp::console {

page overview_page(console_request&);
page member_page(console_request&);
page applications_page(console_request&);
page application_page(console_request&);
page usage_page(console_request&);
page usage_csv_file(console_request&);

page roles_page(console_request&);
page roles_csv_file(console_request&);
page mappings_page(console_request&);
page mapping_page(console_request&);

page persons_page(console_request&);
page person_page(console_request&);
page approvals_page(console_request&);
page campaigns_page(console_request&);
page campaign_page(console_request&);
page revisions_page(console_request&);
page revision_page(console_request&);
page audit_page(console_request&);
page job_page(console_request&);
page job_json_file(console_request&);

page post_language(console_request&);
page booking_end_page(console_request&);
page post_subscription(console_request&);
page post_roles(console_request&);
page post_mapping(console_request&);
page post_find_person(console_request&);
page post_person(console_request&);
page post_approval(console_request&);
page post_campaign(console_request&);
page post_campaign_answer(console_request&);
page post_rollback(console_request&);
page audit_answer(console_request&);
page post_audit(console_request&);
page post_cancel(console_request&);
page post_directory_test(console_request&);
page post_audit_verification(console_request&);
page check_result_page(console_request&);
page personal_data_file(console_request&);

// Of forms that were refused, with what was typed.
page set_up_again(console_request&);
page client_again(console_request&);
page catalogue_role_again(console_request&);
page mapping_again(console_request&);
page booking_end_again(console_request&);

page set_up_page(console_request&);
page post_set_up(console_request&);
page new_member_page(console_request&);
page post_member(console_request&);
page invitation_page(console_request&);
page post_invitation(console_request&);
page post_member_leaves(console_request&);
page client_page(console_request&);
page post_client(console_request&);
page post_registration_token(console_request&);
page registration_token_page(console_request&);
page client_claims_page(console_request&);
page catalogue_role_page(console_request&);
page post_catalogue_role(console_request&);
page outbox_page(console_request&);
page post_outbox(console_request&);
page keys_page(console_request&);
page post_keys(console_request&);
page past_page(console_request&);
page post_past(console_request&);
page processing_page(console_request&);
page processing_file(console_request&);

// The findings of a directory's diagnosis, as rows.
[[nodiscard]] std::vector<web::page_data> finding_rows(const console_request&,
                                                       const directory::diagnosis::report&);

// One field of a CSV file (RFC 4180), harmless to spreadsheets: a text that they would take for a
// formula begins with an apostrophe.
[[nodiscard]] std::string csv_field(std::string_view);

}  // namespace kommpass::idp::console
