#pragma once

#include "idp/admin/console/visit.hpp"

#include <boost/json/object.hpp>

// Every page of the console and every form of it.
namespace kommpass::idp::admin::console {

page overview_page(visit&);
page member_page(visit&);
page applications_page(visit&);
page application_page(visit&);
page usage_page(visit&);
page usage_csv_file(visit&);

page roles_page(visit&);
page roles_csv_file(visit&);
page mappings_page(visit&);
page mapping_page(visit&);

page persons_page(visit&);
page person_page(visit&);
page approvals_page(visit&);
page campaigns_page(visit&);
page campaign_page(visit&);
page revisions_page(visit&);
page revision_page(visit&);
page audit_page(visit&);
page job_page(visit&);
page job_json_file(visit&);

page post_language(visit&);
page post_subscription(visit&);
page post_roles(visit&);
page post_mapping(visit&);
page post_find_person(visit&);
page post_person(visit&);
page post_approval(visit&);
page post_campaign(visit&);
page post_campaign_answer(visit&);
page post_rollback(visit&);
page post_audit(visit&);
page post_cancel(visit&);
page post_directory_test(visit&);
page post_audit_verification(visit&);
page check_result_page(visit&);
page personal_data_file(visit&);

page set_up_page(visit&);
page post_set_up(visit&);
page new_member_page(visit&);
page post_member(visit&);
page post_invitation(visit&);
page post_member_leaves(visit&);
page client_page(visit&);
page post_client(visit&);
page client_claims_page(visit&);
page catalogue_role_page(visit&);
page post_catalogue_role(visit&);
page keys_page(visit&);
page post_keys(visit&);
page past_page(visit&);
page post_past(visit&);
page processing_page(visit&);
page processing_file(visit&);

// The findings of a directory's diagnosis, as rows.
[[nodiscard]] std::vector<web::page_data> finding_rows(const visit&,
                                                       const boost::json::object& result);

// One field of a CSV file (RFC 4180), harmless to spreadsheets: a text that they would take for a
// formula begins with an apostrophe.
[[nodiscard]] std::string csv_field(std::string_view);

}  // namespace kommpass::idp::admin::console
